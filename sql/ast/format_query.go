package ast

// query appends a query with all its clauses.
func (p *printer) query(s *Select) {
	if s.With != nil {
		p.with(s.With)
	}
	p.body(s.Body)
	p.orderBy(s.OrderBy)
	switch {
	case s.Limit != nil && s.WithTies:
		p.str(" FETCH FIRST (")
		p.expr(s.Limit)
		p.str(") ROWS WITH TIES")
	case s.Limit != nil:
		p.str(" LIMIT ")
		p.expr(s.Limit)
	}
	if s.Offset != nil {
		p.str(" OFFSET ")
		p.expr(s.Offset)
	}
	for _, l := range s.Locking {
		p.locking(l)
	}
}

func (p *printer) orderBy(items []*OrderItem) {
	if len(items) > 0 {
		p.str(" ORDER BY ")
		list(p, items, p.orderItem)
	}
}

func (p *printer) locking(l *Locking) {
	p.str(" FOR ", [...]string{"KEY SHARE", "SHARE", "NO KEY UPDATE", "UPDATE"}[l.Strength])
	if len(l.Of) > 0 {
		p.str(" OF ")
		p.names(l.Of)
	}
	p.str([...]string{"", " SKIP LOCKED", " NOWAIT"}[l.Wait])
}

// with appends WITH and a space behind it.
func (p *printer) with(w *With) {
	p.str("WITH ")
	p.when(w.Recursive, "RECURSIVE ")
	list(p, w.CTEs, func(c *CTE) {
		p.contextIdent(c.Name)
		p.parenIdents(c.Columns)
		p.str(" AS ", [...]string{"", "MATERIALIZED ", "NOT MATERIALIZED "}[c.Materialized], "(")
		p.node(c.Statement)
		p.str(")")
	})
	p.str(" ")
}

// body appends what yields the rows.
func (p *printer) body(b SelectBody) {
	switch x := b.(type) {
	case *SelectCore:
		p.core(x)
	case *Values:
		p.str("VALUES ")
		list(p, x.Rows, func(row []Expr) {
			p.str("(")
			p.exprs(row)
			p.str(")")
		})
	case *SetOp:
		for i, in := range x.Inputs {
			if i > 0 {
				link := x.Links[i-1]
				p.str([...]string{" UNION ", " INTERSECT ", " EXCEPT "}[link.Kind])
				p.when(link.All, "ALL ")
			}
			p.input(in)
		}
	case *Select:
		p.subquery(x)
	}
}

// input appends an operand of a set operation.
func (p *printer) input(b SelectBody) {
	if _, ok := b.(*SetOp); ok {
		p.str("(")
		p.body(b)
		p.str(")")
		return
	}
	p.body(b)
}

// core appends one SELECT.
func (p *printer) core(s *SelectCore) {
	p.str("SELECT")
	p.when(s.Distinct, " DISTINCT")
	if len(s.DistinctOn) > 0 {
		p.str(" DISTINCT ON (")
		p.exprs(s.DistinctOn)
		p.str(")")
	}
	p.when(len(s.Targets) > 0, " ")
	list(p, s.Targets, p.target)
	if s.Into != nil {
		p.str(" INTO ")
		p.when(s.Into.Temp, "TEMPORARY ")
		p.when(s.Into.Unlogged, "UNLOGGED ")
		p.str("TABLE ")
		p.name(s.Into.Name)
	}
	p.tables(" FROM ", s.From)
	p.where(s.Where)
	if len(s.GroupBy) > 0 {
		p.str(" GROUP BY ")
		p.when(s.GroupDistinct, "DISTINCT ")
		p.exprs(s.GroupBy)
	}
	if s.Having != nil {
		p.str(" HAVING ")
		p.expr(s.Having)
	}
	if len(s.Windows) > 0 {
		p.str(" WINDOW ")
		list(p, s.Windows, func(w *WindowDef) {
			p.ident(w.Name)
			p.str(" AS ")
			p.window(w)
		})
	}
}

func (p *printer) where(e Expr) {
	if e != nil {
		p.str(" WHERE ")
		p.expr(e)
	}
}

// tables appends a list of FROM's items behind a word.
func (p *printer) tables(word string, tables []TableExpr) {
	if len(tables) > 0 {
		p.str(word)
		list(p, tables, p.table)
	}
}

func (p *printer) target(t *Target) {
	p.expr(t.Expr)
	if t.Alias != "" {
		p.str(" AS ")
		p.ident(t.Alias)
	}
}

func (p *printer) orderItem(o *OrderItem) {
	p.expr(o.Expr)
	p.when(o.Desc, " DESC")
	if o.Using.Name != "" {
		p.str(" USING ")
		p.operator(o.Using)
	}
	p.nulls(o.Nulls)
}

func (p *printer) nulls(n NullsOrder) {
	p.str([...]string{"", " NULLS FIRST", " NULLS LAST"}[n])
}

// table appends an item of FROM.
func (p *printer) table(t TableExpr) {
	switch x := t.(type) {
	case *TableRef:
		p.tableRef(x)
	case *SubqueryTable:
		p.when(x.Lateral, "LATERAL ")
		p.subquery(x.Query)
		p.alias(x.Alias)
	case *FuncTable:
		p.funcTable(x)
	case *WindowTable:
		p.windowTable(x)
	case *MatchRecognize:
		p.matchRecognize(x)
	case *Join:
		p.join(x)
	}
}

func (p *printer) alias(a *Alias) {
	if a != nil {
		p.str(" AS ")
		p.ident(a.Name)
		p.parenIdents(a.Columns)
	}
}

func (p *printer) tableRef(t *TableRef) {
	p.when(t.Only, "ONLY ")
	p.name(t.Name)
	p.alias(t.Alias)
	if t.AsOf != nil {
		p.str(" AS OF SYSTEM TIME ")
		p.expr(t.AsOf)
	}
	if t.ForTime != nil {
		p.str(" FOR SYSTEM_TIME AS OF ")
		p.expr(t.ForTime)
	}
	if s := t.Sample; s != nil {
		p.str(" TABLESAMPLE ")
		p.name(s.Method)
		p.str(" (")
		p.exprs(s.Args)
		p.str(")")
		if s.Seed != nil {
			p.str(" REPEATABLE (")
			p.expr(s.Seed)
			p.str(")")
		}
	}
}

func (p *printer) funcTable(t *FuncTable) {
	p.when(t.Lateral, "LATERAL ")
	p.when(t.RowsFrom, "ROWS FROM (")
	list(p, t.Calls, func(c TableCall) {
		p.expr(c.Call)
		if len(c.Columns) > 0 {
			p.str(" AS ")
			p.typedColumns(c.Columns)
		}
	})
	p.when(t.RowsFrom, ")")
	p.when(t.Ordinality, " WITH ORDINALITY")
	p.alias(t.Alias)
	if len(t.Columns) > 0 {
		p.when(t.Alias == nil, " AS ")
		p.typedColumns(t.Columns)
	}
}

func (p *printer) typedColumns(cols []*ColumnDef) {
	p.str("(")
	list(p, cols, p.columnDef)
	p.str(")")
}

func (p *printer) windowTable(t *WindowTable) {
	p.str(t.Kind.String(), "(")
	if in, ok := t.Input.(*SubqueryTable); ok {
		p.subquery(in.Query)
	} else {
		p.table(t.Input)
	}
	p.str(", ")
	p.expr(t.Time)
	for _, e := range []Expr{t.Step, t.Size, t.Offset} {
		if e != nil {
			p.str(", ")
			p.expr(e)
		}
	}
	if len(t.PartitionBy) > 0 {
		p.str(" PARTITION BY ")
		p.exprs(t.PartitionBy)
	}
	p.str(")")
	p.alias(t.Alias)
}

func (p *printer) join(j *Join) {
	p.when(j.Alias != nil, "(")
	p.table(j.Left)
	p.str(" ")
	p.when(j.Natural, "NATURAL ")
	p.str([...]string{"", "LEFT ", "RIGHT ", "FULL ", "CROSS "}[j.Kind])
	p.when(j.Asof, "ASOF ")
	p.str("JOIN ")
	if right, ok := j.Right.(*Join); ok && right.Alias == nil {
		p.str("(")
		p.join(right)
		p.str(")")
	} else {
		p.table(j.Right)
	}
	if j.Match != nil {
		p.str(" MATCH_CONDITION (")
		p.expr(j.Match)
		p.str(")")
	}
	if j.On != nil {
		p.str(" ON ")
		p.expr(j.On)
	}
	if len(j.Using) > 0 {
		p.str(" USING")
		p.parenIdents(j.Using)
		if j.UsingAlias != "" {
			p.str(" AS ")
			p.ident(j.UsingAlias)
		}
	}
	if j.Alias != nil {
		p.str(")")
		p.alias(j.Alias)
	}
}
