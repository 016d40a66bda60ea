package ast

// statement appends a statement.
func (p *printer) statement(s Statement) {
	switch x := s.(type) {
	case *Select:
		p.query(x)
	case *Insert:
		p.insert(x)
	case *Update:
		p.update(x)
	case *Delete:
		p.delete(x)
	case *Truncate:
		p.str("TRUNCATE ")
		list(p, x.Tables, p.tableRef)
		p.when(x.Restart, " RESTART IDENTITY")
		p.behavior(x.Behavior)
	case *Copy:
		p.copy(x)
	case *Subscribe:
		p.subscribe(x)
	case *Explain:
		p.explain(x)
	case *Prepare:
		p.str("PREPARE ")
		p.ident(x.Name)
		if len(x.Types) > 0 {
			p.str(" (")
			list(p, x.Types, p.typeName)
			p.str(")")
		}
		p.str(" AS ")
		p.statement(x.Statement)
	case *Execute:
		p.str("EXECUTE ")
		p.ident(x.Name)
		if len(x.Args) > 0 {
			p.str("(")
			p.exprs(x.Args)
			p.str(")")
		}
	default:
		if !p.definition(s) && !p.session(s) {
			p.admin(s)
		}
	}
}

func (p *printer) behavior(b DropBehavior) {
	p.str([...]string{"", " RESTRICT", " CASCADE"}[b])
}

func (p *printer) insert(x *Insert) {
	if x.With != nil {
		p.with(x.With)
	}
	p.str("INSERT INTO ")
	p.name(x.Table)
	p.alias(x.Alias)
	if len(x.Columns) > 0 {
		p.str(" (")
		list(p, x.Columns, p.insertColumn)
		p.str(")")
	}
	p.str([...]string{"", " OVERRIDING USER VALUE", " OVERRIDING SYSTEM VALUE"}[x.Overriding])
	if x.Source == nil {
		p.str(" DEFAULT VALUES")
	} else {
		p.str(" ")
		p.query(x.Source)
	}
	if c := x.OnConflict; c != nil {
		p.onConflict(c)
	}
	p.returning(x.Returning)
}

func (p *printer) insertColumn(c *InsertColumn) {
	p.ident(c.Name)
	if c.Path != nil {
		p.path(c.Path)
	}
}

// path appends the subscripts and fields behind the column that they apply to.
func (p *printer) path(e Expr) {
	switch x := e.(type) {
	case *Subscript:
		p.path(x.Expr)
		p.bounds(x)
	case *Field:
		p.path(x.Expr)
		p.str(".")
		p.ident(x.Name)
	}
}

func (p *printer) onConflict(c *OnConflict) {
	p.str(" ON CONFLICT")
	if len(c.Elems) > 0 {
		p.str(" (")
		list(p, c.Elems, p.indexElem)
		p.str(")")
		p.where(c.ElemsWhere)
	}
	if c.Constraint != "" {
		p.str(" ON CONSTRAINT ")
		p.ident(c.Constraint)
	}
	if len(c.DoUpdate) == 0 {
		p.str(" DO NOTHING")
		return
	}
	p.str(" DO UPDATE SET ")
	list(p, c.DoUpdate, p.assignment)
	p.where(c.Where)
}

func (p *printer) assignment(a *Assignment) {
	p.when(a.Multi, "(")
	list(p, a.Columns, p.insertColumn)
	p.when(a.Multi, ")")
	p.str(" = ")
	p.expr(a.Value)
}

func (p *printer) returning(targets []*Target) {
	if len(targets) > 0 {
		p.str(" RETURNING ")
		list(p, targets, p.target)
	}
}

func (p *printer) update(x *Update) {
	if x.With != nil {
		p.with(x.With)
	}
	p.str("UPDATE ")
	p.tableRef(x.Table)
	p.str(" SET ")
	list(p, x.Set, p.assignment)
	p.tables(" FROM ", x.From)
	p.where(x.Where)
	p.returning(x.Returning)
}

func (p *printer) delete(x *Delete) {
	if x.With != nil {
		p.with(x.With)
	}
	p.str("DELETE FROM ")
	p.tableRef(x.Table)
	p.tables(" USING ", x.Using)
	p.where(x.Where)
	p.returning(x.Returning)
}

func (p *printer) copy(x *Copy) {
	p.str("COPY ")
	if x.Query != nil {
		p.str("(")
		p.statement(x.Query)
		p.str(")")
	} else {
		p.name(*x.Table)
		p.parenIdents(x.Columns)
	}
	switch {
	case x.From && x.Stdio:
		p.str(" FROM STDIN")
	case x.Stdio:
		p.str(" TO STDOUT")
	default:
		if x.From {
			p.str(" FROM ")
		} else {
			p.str(" TO ")
		}
		p.when(x.Program, "PROGRAM ")
		p.literal(x.Target)
	}
	p.wordOptions(" WITH ", x.Options)
	p.where(x.Where)
}

func (p *printer) subscribe(x *Subscribe) {
	p.str("SUBSCRIBE ")
	if x.Query != nil {
		p.subquery(x.Query)
	} else {
		p.name(*x.Target)
	}
	p.options(" WITH ", x.Options)
	if x.AsOf != nil {
		p.str(" AS OF ")
		p.expr(x.AsOf)
	}
}

func (p *printer) explain(x *Explain) {
	p.str("EXPLAIN ")
	if len(x.Options) > 0 {
		p.wordOptions("", x.Options)
		p.str(" ")
	}
	if x.View != nil {
		p.str("VIEW ")
		p.name(*x.View)
		return
	}
	p.statement(x.Statement)
}
