package ast

import "strings"

// admin appends a statement that administers the server.
func (p *printer) admin(s Statement) {
	switch x := s.(type) {
	case *Flush:
		p.str("FLUSH")
	case *Checkpoint:
		p.str("CHECKPOINT")
	case *Refresh:
		p.str("REFRESH MATERIALIZED VIEW ")
		p.when(x.Concurrently, "CONCURRENTLY ")
		p.name(x.Name)
		p.when(x.NoData, " WITH NO DATA")
	case *CheckView:
		p.str("CHECK VIEW ")
		p.name(x.Name)
	case *Vacuum:
		p.vacuum(x)
	case *Grant:
		p.grant(x)
	case *CreateRole:
		p.str("CREATE ", string(x.Kind), " ")
		p.role(x.Name)
		p.roleOptions(x.Options)
	case *AlterRole:
		p.alterRole(x)
	case *DropRole:
		p.str("DROP ", string(x.Kind))
		p.when(x.IfExists, " IF EXISTS")
		p.str(" ")
		list(p, x.Names, p.role)
	case *Unsupported:
		p.str(x.What)
	}
}

func (p *printer) vacuum(x *Vacuum) {
	if x.Vacuum {
		p.str("VACUUM")
	} else {
		p.str("ANALYZE")
	}
	p.wordOptions(" ", x.Options)
	p.when(len(x.Tables) > 0, " ")
	list(p, x.Tables, func(t VacuumTarget) {
		p.name(t.Name)
		p.parenIdents(t.Columns)
	})
}

// role appends a role's name, of which three keywords are names too.
func (p *printer) role(name string) {
	switch name {
	case "current_user", "current_role", "session_user":
		p.str(name)
	default:
		p.ident(name)
	}
}

func (p *printer) grant(x *Grant) {
	what := "GRANT"
	if x.Kind == "" {
		what = "ADMIN"
	}
	if x.Revoke {
		p.str("REVOKE ")
		p.when(x.Option, what+" OPTION FOR ")
	} else {
		p.str("GRANT ")
	}
	p.when(len(x.Privileges) == 0, "ALL")
	list(p, x.Privileges, func(v Privilege) {
		p.privilege(v.Name, x.Kind == "")
		p.parenIdents(v.Columns)
	})
	p.grantObjects(x)
	if x.Revoke {
		p.str(" FROM ")
	} else {
		p.str(" TO ")
	}
	list(p, x.Roles, p.role)
	p.when(!x.Revoke && x.Option, " WITH "+what+" OPTION")
	if x.GrantedBy != "" {
		p.str(" GRANTED BY ")
		p.role(x.GrantedBy)
	}
	p.behavior(x.Behavior)
}

// privilege appends a privilege's word, or the role of a membership.
func (p *printer) privilege(name string, role bool) {
	if role {
		p.role(name)
		return
	}
	switch name {
	case "all", "select", "references", "create", "alter system":
		p.str(strings.ToUpper(name))
	default:
		p.ident(name)
	}
}

func (p *printer) grantObjects(x *Grant) {
	switch {
	case x.Kind == "":
		return
	case x.AllInSchema:
		p.str(" ON ALL ", string(x.Kind), "S IN SCHEMA ")
	default:
		p.str(" ON ", string(x.Kind), " ")
	}
	p.names(x.Objects)
}

// roleOptions appends a role's attributes.
func (p *printer) roleOptions(opts []*Option) {
	for _, o := range opts {
		p.str(" ")
		switch {
		case o.Value.Text == "true":
			p.str(strings.ToUpper(o.Name))
		case o.Value.Text == "false":
			p.str("NO", strings.ToUpper(o.Name))
		case o.Value.Kind == ValueNone:
			p.str(strings.ToUpper(o.Name), " NULL")
		case o.Value.Kind == ValueList:
			p.str(strings.ToUpper(o.Name), " ")
			list(p, o.Value.List, func(v OptionValue) { p.role(v.Text) })
		default:
			p.str(strings.ToUpper(o.Name), " ")
			p.value(o.Value)
		}
	}
}

func (p *printer) alterRole(x *AlterRole) {
	p.str("ALTER ", string(x.Kind), " ")
	if x.Name == "" {
		p.str("ALL")
	} else {
		p.role(x.Name)
	}
	if x.RenameTo != "" {
		p.str(" RENAME TO ")
		p.role(x.RenameTo)
		return
	}
	if x.Database != "" {
		p.str(" IN DATABASE ")
		p.ident(x.Database)
	}
	if x.Setting != nil {
		p.str(" ")
		p.statement(x.Setting)
		return
	}
	p.roleOptions(x.Options)
}
