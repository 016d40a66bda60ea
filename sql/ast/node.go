package ast

// NoPos is the Pos of a node that stands for no place in the client's text.
const NoPos = -1

// Node is any part of a statement that has a place in the text.
type Node interface {
	// Position is the node's byte offset in the client's text, or NoPos.
	Position() int
}

// Statement is a whole SQL statement.
type Statement interface {
	Node
	statement()
}

// Expr is a scalar expression.
type Expr interface {
	Node
	expr()
}

// TableExpr is an item of a FROM clause.
type TableExpr interface {
	Node
	tableExpr()
}

// SelectBody is what yields a query's rows before its ORDER BY and LIMIT:
// *SelectCore, *SetOp, *Values, or a parenthesised *Select that has clauses of
// its own.
type SelectBody interface {
	Node
	selectBody()
}

// Stmt is one statement of a query string.
type Stmt struct {
	Statement Statement
	// Text is the statement's own slice of the query string, without the
	// semicolon and surrounding blanks.
	Text string
	// Offset is where Text begins in the query string. Node positions count
	// from the beginning of the query string, not of Text.
	Offset int
	// Params is the highest n of any $n in the statement.
	Params int
}

// Name is a possibly qualified name: its parts from the outermost inwards.
type Name struct {
	Pos   int
	Parts []string
}

// Position implements Node.
func (n Name) Position() int { return n.Pos }

// Last is the unqualified name: the object itself.
func (n Name) Last() string {
	if len(n.Parts) == 0 {
		return ""
	}
	return n.Parts[len(n.Parts)-1]
}

// Qualifier is all parts but the last.
func (n Name) Qualifier() []string {
	if len(n.Parts) == 0 {
		return nil
	}
	return n.Parts[:len(n.Parts)-1]
}

// Ident is an unqualified name with its place.
type Ident struct {
	Pos  int
	Name string
}

// Position implements Node.
func (i Ident) Position() int { return i.Pos }

// ObjectKind is the keyword that names a kind of database object, as it is
// spelled in SQL and in PostgreSQL's messages.
type ObjectKind string

// The kinds of object that statements name.
const (
	ObjectTable       ObjectKind = "TABLE"
	ObjectStream      ObjectKind = "STREAM"
	ObjectView        ObjectKind = "VIEW"
	ObjectMatView     ObjectKind = "MATERIALIZED VIEW"
	ObjectSink        ObjectKind = "SINK"
	ObjectSource      ObjectKind = "SOURCE"
	ObjectSecret      ObjectKind = "SECRET"
	ObjectIndex       ObjectKind = "INDEX"
	ObjectSchema      ObjectKind = "SCHEMA"
	ObjectSequence    ObjectKind = "SEQUENCE"
	ObjectColumn      ObjectKind = "COLUMN"
	ObjectConstraint  ObjectKind = "CONSTRAINT"
	ObjectDatabase    ObjectKind = "DATABASE"
	ObjectRole        ObjectKind = "ROLE"
	ObjectUser        ObjectKind = "USER"
	ObjectGroup       ObjectKind = "GROUP"
	ObjectFunction    ObjectKind = "FUNCTION"
	ObjectProcedure   ObjectKind = "PROCEDURE"
	ObjectRoutine     ObjectKind = "ROUTINE"
	ObjectType        ObjectKind = "TYPE"
	ObjectDomain      ObjectKind = "DOMAIN"
	ObjectExtension   ObjectKind = "EXTENSION"
	ObjectTrigger     ObjectKind = "TRIGGER"
	ObjectTablespace  ObjectKind = "TABLESPACE"
	ObjectLanguage    ObjectKind = "LANGUAGE"
	ObjectCollation   ObjectKind = "COLLATION"
	ObjectLargeObject ObjectKind = "LARGE OBJECT"
)

// DropBehavior says what happens to the objects that depend on a dropped one.
type DropBehavior uint8

// The drop behaviours; restrict is the default and need not be spelled.
const (
	DropDefault DropBehavior = iota
	DropRestrict
	DropCascade
)

// TypeName is a type as it is spelled, before it is looked up. Spellings of the
// SQL standard are normalised to PostgreSQL's names as its grammar does:
// INTEGER is pg_catalog.int4, CHARACTER VARYING(3) is pg_catalog.varchar with
// one modifier, and so on; a user-written name is left as it is.
type TypeName struct {
	Name Name
	// Mods are the modifiers in parentheses, in order.
	Mods []Expr
	// Fields restricts an interval: "year", "year to month", ...
	Fields string
	// Dims has an element for each [] : its bound, or -1.
	Dims []int
	// SetOf marks SETOF type.
	SetOf bool
}

// Position implements Node.
func (t *TypeName) Position() int { return t.Name.Pos }

// Option is an item of WITH (name = value, ...) and of lists like it.
type Option struct {
	Pos  int
	Name string
	// Value has Kind ValueNone when only the name was given.
	Value OptionValue
}

// Position implements Node.
func (o *Option) Position() int { return o.Pos }

// ValueKind says how an option's value was spelled.
type ValueKind uint8

// The spellings of option values.
const (
	ValueNone    ValueKind = iota // no value
	ValueWord                     // an identifier or keyword: true, on, csv, pg_catalog.int4
	ValueString                   // a string literal, unquoted
	ValueNumber                   // a number with its sign
	ValueDefault                  // DEFAULT
	ValueStar                     // *
	ValueList                     // a parenthesised list, in List
)

// OptionValue is the value of an Option or of SET.
type OptionValue struct {
	Pos  int
	Kind ValueKind
	Text string
	List []OptionValue
}
