package ast

// alterAction appends one change of ALTER.
func (p *printer) alterAction(a AlterAction) {
	switch x := a.(type) {
	case *RenameTo:
		p.named("RENAME TO ", x.Name)
	case *RenameColumn:
		p.named("RENAME COLUMN ", x.From)
		p.named(" TO ", x.To)
	case *RenameConstraint:
		p.named("RENAME CONSTRAINT ", x.From)
		p.named(" TO ", x.To)
	case *SetOptions:
		p.options("SET ", x.Options)
		p.when(len(x.Options) == 0, "SET ()")
	case *ResetOptions:
		p.str("RESET (")
		list(p, x.Names, func(n Ident) { p.setting(n.Name) })
		p.str(")")
	case *Resume:
		p.str("RESUME")
	case *ReplayLate:
		p.str("REPLAY LATE")
	case *SetSchema:
		p.named("SET SCHEMA ", x.Schema)
	case *OwnerTo:
		p.str("OWNER TO ")
		p.role(x.Role)
	case *AddColumn:
		p.str("ADD COLUMN ")
		p.when(x.IfNotExists, "IF NOT EXISTS ")
		p.columnDef(x.Def)
	case *DropColumn:
		p.dropped("DROP COLUMN ", x.IfExists, x.Name, x.Behavior)
	case *AlterColumn:
		p.alterColumn(x)
	case *AddConstraint:
		p.str("ADD ")
		p.constraint(x.Constraint)
	case *DropConstraint:
		p.dropped("DROP CONSTRAINT ", x.IfExists, x.Name, x.Behavior)
	case *AlterOther:
		p.str(x.What)
	}
}

func (p *printer) dropped(word string, ifExists bool, name string, b DropBehavior) {
	p.str(word)
	p.when(ifExists, "IF EXISTS ")
	p.ident(name)
	p.behavior(b)
}

func (p *printer) alterColumn(x *AlterColumn) {
	p.named("ALTER COLUMN ", x.Column)
	switch x.Change {
	case ColumnSetDefault:
		p.str(" SET DEFAULT ")
		p.expr(x.Default)
	case ColumnDropDefault:
		p.str(" DROP DEFAULT")
	case ColumnSetNotNull:
		p.str(" SET NOT NULL")
	case ColumnDropNotNull:
		p.str(" DROP NOT NULL")
	case ColumnSetType:
		p.str(" TYPE ")
		p.typeName(x.Type)
		if x.Using != nil {
			p.str(" USING ")
			p.expr(x.Using)
		}
	}
}
