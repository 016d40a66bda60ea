package ast

// Alter is ALTER kind name action, ...
type Alter struct {
	Pos      int
	Kind     ObjectKind
	IfExists bool
	Only     bool
	Name     Name
	Actions  []AlterAction
}

// AlterAction is one change that ALTER makes.
type AlterAction interface {
	Node
	alterAction()
}

type (
	// RenameTo is RENAME TO name.
	RenameTo struct {
		Pos  int
		Name string
	}

	// RenameColumn is RENAME [COLUMN] From TO To.
	RenameColumn struct {
		Pos      int
		From, To string
	}

	// RenameConstraint is RENAME CONSTRAINT From TO To.
	RenameConstraint struct {
		Pos      int
		From, To string
	}

	// SetOptions is SET (name = value, ...).
	SetOptions struct {
		Pos     int
		Options []*Option
	}

	// ResetOptions is RESET (name, ...).
	ResetOptions struct {
		Pos   int
		Names []Ident
	}

	// Resume is RESUME: go on with a view that an error stopped.
	Resume struct{ Pos int }

	// ReplayLate is REPLAY LATE: apply a view's late rows after all.
	ReplayLate struct{ Pos int }

	// SetSchema is SET SCHEMA name.
	SetSchema struct {
		Pos    int
		Schema string
	}

	// OwnerTo is OWNER TO role.
	OwnerTo struct {
		Pos  int
		Role string
	}

	// AddColumn is ADD [COLUMN] definition.
	AddColumn struct {
		Pos         int
		IfNotExists bool
		Def         *ColumnDef
	}

	// DropColumn is DROP [COLUMN] name.
	DropColumn struct {
		Pos      int
		IfExists bool
		Name     string
		Behavior DropBehavior
	}

	// AlterColumn is ALTER [COLUMN] Column and one change of it.
	AlterColumn struct {
		Pos    int
		Column string
		Change ColumnChange
		// Default is that of SET DEFAULT.
		Default Expr
		// Type and Using are those of TYPE.
		Type  *TypeName
		Using Expr
	}

	// AddConstraint is ADD constraint.
	AddConstraint struct {
		Pos        int
		Constraint *Constraint
	}

	// DropConstraint is DROP CONSTRAINT name.
	DropConstraint struct {
		Pos      int
		IfExists bool
		Name     string
		Behavior DropBehavior
	}

	// AlterOther is an action of PostgreSQL's that StreamDB knows by name alone.
	AlterOther struct {
		Pos  int
		What string
	}
)

// ColumnChange tells the changes of AlterColumn.
type ColumnChange uint8

// The changes of a column.
const (
	ColumnSetDefault ColumnChange = iota
	ColumnDropDefault
	ColumnSetNotNull
	ColumnDropNotNull
	ColumnSetType
)

// Position implements Node.
func (s *Alter) Position() int            { return s.Pos }
func (a *RenameTo) Position() int         { return a.Pos }
func (a *RenameColumn) Position() int     { return a.Pos }
func (a *RenameConstraint) Position() int { return a.Pos }
func (a *SetOptions) Position() int       { return a.Pos }
func (a *ResetOptions) Position() int     { return a.Pos }
func (a *Resume) Position() int           { return a.Pos }
func (a *ReplayLate) Position() int       { return a.Pos }
func (a *SetSchema) Position() int        { return a.Pos }
func (a *OwnerTo) Position() int          { return a.Pos }
func (a *AddColumn) Position() int        { return a.Pos }
func (a *DropColumn) Position() int       { return a.Pos }
func (a *AlterColumn) Position() int      { return a.Pos }
func (a *AddConstraint) Position() int    { return a.Pos }
func (a *DropConstraint) Position() int   { return a.Pos }
func (a *AlterOther) Position() int       { return a.Pos }

func (*Alter) statement() {}

func (*RenameTo) alterAction()         {}
func (*RenameColumn) alterAction()     {}
func (*RenameConstraint) alterAction() {}
func (*SetOptions) alterAction()       {}
func (*ResetOptions) alterAction()     {}
func (*Resume) alterAction()           {}
func (*ReplayLate) alterAction()       {}
func (*SetSchema) alterAction()        {}
func (*OwnerTo) alterAction()          {}
func (*AddColumn) alterAction()        {}
func (*DropColumn) alterAction()       {}
func (*AlterColumn) alterAction()      {}
func (*AddConstraint) alterAction()    {}
func (*DropConstraint) alterAction()   {}
func (*AlterOther) alterAction()       {}
