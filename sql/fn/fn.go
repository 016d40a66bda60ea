package fn

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Volatility is PostgreSQL's provolatile.
type Volatility uint8

// Immutable functions are folded; Stable ones are constant within a statement (an epoch, in a view); Volatile ones are
// refused in views.
const (
	Immutable Volatility = iota
	Stable
	Volatile
)

// NullRule says what null arguments do.
type NullRule uint8

// A Strict function is null when an argument is, and its kernel sees only rows without nulls. A CalledOnNull kernel sees
// every row and sets nulls itself.
const (
	Strict NullRule = iota
	CalledOnNull
)

// Func is a scalar function, or the function behind an operator or cast.
type Func struct {
	// Name is the SQL name ("lower"), or the operator ("+") for the lists of operators.
	Name string
	// Args are the parameter types; pseudo-types (types.Any, AnyElement, AnyArray) match as in PostgreSQL.
	Args []types.Type
	// Variadic says that the last parameter is an array type and may be given as any number of elements.
	Variadic bool
	// Optional is how many of the last parameters may be left out.
	Optional int
	Ret      types.Type
	// RetOf gives the result type where it depends on the arguments' (nil: Ret). Args come with their modifiers.
	RetOf func(args []types.Type) types.Type
	// Set says that the function returns a set: it may stand in FROM, and Table makes its rows.
	Set   bool
	Nulls NullRule
	Vol   Volatility
	// Doc is one sentence; Example is a SELECT's expression and, after " → ", its result.
	Doc, Example string
	// Kernel computes rows sel of out (already Resized by the caller to the batch's row count, of the result type). Arguments
	// may be Const. It sets nulls with out.SetNull.
	Kernel Kernel
	// Select is a strict predicate's kernel as a filter: it appends to dst those rows of sel for which the predicate is true.
	// dst may be sel[:0]. It must agree with Kernel; nil where there is nothing faster than Kernel.
	Select Select
	// Table computes the rows of a set-returning function for one row of arguments.
	Table func(c *Ctx, args []types.Datum, emit func(row []types.Datum) error) error
	// Columns are the result's columns of a Set function, if it returns rows of several.
	Columns []Column
}

// Column is a named column of a set-returning function.
type Column struct {
	Name string
	Type types.Type
}

// Kernel computes a function for the rows sel; sel is never nil.
type Kernel func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector)

// Select is a predicate as a filter; see Func.Select.
type Select func(c *Ctx, args []*vec.Vector, sel, dst []int32) []int32

// Ctx is what a kernel may know besides its arguments.
type Ctx struct {
	Env Env
	// Fail records that row i has an error. Only the first error of a row is kept.
	Fail func(i int32, err error)
	text *types.Env // see values
}

// Env is the surroundings of an evaluation; constant within one.
type Env interface {
	// Now is the transaction's time, or in a view the epoch's, in microseconds since 1970.
	Now() int64
	// Setting is the text of a setting; ok is false for an unknown one.
	Setting(name string) (value string, ok bool)
	// SetSetting changes a setting for the session (or the transaction): set_config.
	SetSetting(name, value string, local bool) error
	User() string
	Database() string
	// Catalog answers look-ups of the catalog functions (pg_get_viewdef, regclass, has_table_privilege, nextval, …).
	Catalog() Catalog
}

// Catalog is what functions ask of the catalog. An OID that does not exist gives ok = false.
type Catalog interface {
	// RelationName gives schema and name of a relation; visible says that the search path finds it by its name alone.
	RelationName(oid uint32) (schema, name string, visible, ok bool)
	// ResolveRelation finds a relation by its text ("s.n", quoted or not) along the search path.
	ResolveRelation(text string) (oid uint32, ok bool)
	// Definition is the text of an object's definition: a view's query, an index's or constraint's, a column's default.
	Definition(class DefinitionKind, oid uint32, sub int32) (text string, ok bool)
	// SchemaName and ResolveSchema map schemas.
	SchemaName(oid uint32) (name string, ok bool)
	ResolveSchema(name string) (oid uint32, ok bool)
	// SearchPath is the effective search path, with the implicit schemas if asked for.
	SearchPath(implicit bool) []string
	// Sequence steps or reads a sequence (nextval, currval, setval, lastval).
	Sequence(op string, oid uint32, value int64) (int64, error)
}

// DefinitionKind names what Catalog.Definition describes.
type DefinitionKind uint8

// The kinds of definition.
const (
	ViewDefinition DefinitionKind = iota
	IndexDefinition
	ConstraintDefinition
	DefaultDefinition
	RelationComment
	SchemaComment
	// ColumnName and ColumnSequence are of a relation's column (from 1): its name, and the qualified name of the sequence
	// behind it.
	ColumnName
	ColumnSequence
	ColumnComment
	// RelationSize is how many bytes a relation takes on disk, or OID 0 the database, as a decimal number.
	RelationSize
)
