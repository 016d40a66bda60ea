package catalog

import (
	"context"
	"slices"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Kind says what a relation is.
type Kind uint8

// The kinds of relation. The order is stored.
const (
	Stream Kind = iota
	Table
	View
	Sink
	Index
	Sequence
	Virtual
)

// String is the kind as PostgreSQL's and StreamDB's messages call it.
func (k Kind) String() string {
	return [...]string{"stream", "table", "view", "sink", "index", "sequence", "system relation"}[k]
}

// Schema is a namespace.
type Schema struct {
	OID     uint32
	Name    string
	Comment string
}

// Relation is an object of the namespace that relations share. Which of the last fields is set goes by Kind.
type Relation struct {
	OID     uint32
	Schema  uint32
	Name    string
	Kind    Kind
	Owner   string
	Comment string
	// Created is when it was created, in microseconds since 1970.
	Created int64
	Columns []Column
	// Keys are PRIMARY KEY and UNIQUE constraints, the primary key first if there is one.
	Keys   []Key
	Checks []Check
	// Options are those of WITH, defaults not filled in.
	Options []Option
	// AppendOnly says that no row of it is ever retracted: streams, and views that EMIT ON WINDOW CLOSE or only filter and
	// project append-only inputs.
	AppendOnly bool
	// Watermark is a stream's WATERMARK FOR clause; for a view it names the column that still carries one (Expr is empty).
	Watermark *Watermark
	// Connector is a stream's or sink's connector; empty for a stream that clients write.
	Connector string

	ViewDef     *ViewDef
	SinkDef     *SinkDef
	IndexDef    *IndexDef
	SequenceDef *SequenceDef
	VirtualDef  VirtualRelation `json:"-"`
}

// reads are the relations that r reads directly, some perhaps more than once.
func (r *Relation) reads() (out []uint32) {
	if r.ViewDef != nil {
		out = r.ViewDef.DependsOn
	}
	if r.SinkDef != nil {
		out = append(slices.Clip(out), r.SinkDef.From)
	}
	if r.IndexDef != nil {
		out = append(slices.Clip(out), r.IndexDef.On)
	}
	return out
}

// Computation names what computes a view or sink, and under which name its state is stored. Of others it is their OID.
func (r *Relation) Computation() uint32 {
	if r.ViewDef != nil && r.ViewDef.Computation != 0 {
		return r.ViewDef.Computation
	}
	return r.OID
}

// Column is a column of a relation. Attribute numbers are positions plus one.
type Column struct {
	Name    string
	Type    types.Type
	NotNull bool
	// Default is the SQL text of the default; empty for none.
	Default string
	// Identity is 'a' for GENERATED ALWAYS AS IDENTITY, 'd' for BY DEFAULT, 0 for neither.
	Identity byte
	// Sequence is the OID of the sequence behind an identity or serial column.
	Sequence uint32
	Comment  string
	// Missing is the column's value in rows that were written before ALTER … ADD COLUMN: a block (vec.AppendBlock) of one row. Empty for
	// a column that was there from the start. The columns that have it come last.
	Missing []byte `json:",omitempty"`
	// Hidden says that * does not mean it: the system columns (tableoid, xmin) of PostgreSQL's catalogs. They come last.
	Hidden bool `json:",omitempty"`
}

// Key is a uniqueness constraint over columns (by index).
type Key struct {
	Name    string
	OID     uint32
	Columns []int
	Primary bool
}

// Check is a CHECK constraint.
type Check struct {
	Name string
	OID  uint32
	Expr string
}

// Option is an option of WITH as the user gave it.
type Option struct{ Name, Value string }

// Watermark says which column is event time and how completeness follows from it.
type Watermark struct {
	Column int
	// Expr is the SQL text over the stream's columns whose largest value so far is the watermark.
	Expr string
	// Closed, of a view, says that the column has the ends of windows from which late rows have been left out: no row behind the
	// watermark comes any more, so who groups by it may close groups as well.
	Closed bool `json:",omitempty"`
}

// ViewDef is what a view runs.
type ViewDef struct {
	// Query is the SELECT, deparsed, with qualified names.
	Query string
	// EmitOnClose is EMIT ON WINDOW CLOSE.
	EmitOnClose bool
	// Materialized says that it was created by CREATE MATERIALIZED VIEW: only \dv and \dm tell them apart.
	Materialized bool
	// Plan is the encoded physical plan that restarts run.
	Plan []byte
	// DependsOn are the OIDs of the relations it reads.
	DependsOn []uint32
	// UniqueKey are the output columns that identify a row, if the planner proved some.
	UniqueKey []int
	// Began is the epoch at which it was created.
	Began uint64
	// Computation names what computes it, if that is not its own OID: views with the same query can have one. It is the OID of the view that was
	// the first, which may be gone, or one that no relation has.
	Computation uint32 `json:",omitempty"`
}

// SinkDef is where a sink's changes go. A sink over a query owns a plan as a view does (ViewDef is set as well).
type SinkDef struct {
	// From is the relation of CREATE SINK … FROM; 0 for a sink over a query.
	From uint32
	// ID tells this sink from every other, in whatever data folder: a target remembers whose it is.
	ID string
}

// IndexDef is an ordered arrangement over a relation's columns.
type IndexDef struct {
	On      uint32
	Columns []int
	Unique  bool
	// Options are the columns' directions as CREATE INDEX gave them; none when all are ascending with nulls last. They are told to
	// clients only: reads by equality and by range find the same rows either way.
	Options []IndexOption `json:",omitempty"`
}

// IndexOption is a direction, with the bits of PostgreSQL's pg_index.indoption.
type IndexOption uint8

// The bits of IndexOption.
const (
	IndexDesc IndexOption = 1 << iota
	IndexNullsFirst
)

// String is the direction as DDL has it, with a space before; empty for the default.
func (o IndexOption) String() string {
	return [...]string{"", " DESC NULLS LAST", " NULLS FIRST", " DESC"}[o&3]
}

// Option is the direction of the i-th column.
func (d *IndexDef) Option(i int) IndexOption {
	if i < len(d.Options) {
		return d.Options[i]
	}
	return 0
}

// Sorted are the columns that an index is sorted by, each once.
func (d *IndexDef) Sorted() []int {
	var out []int
	for _, c := range d.Columns {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// SequenceDef is a sequence's definition; its state is stored apart.
type SequenceDef struct {
	Start, Increment, Min, Max int64
	Type                       types.Type
	// OwnedBy is the relation whose column it feeds; 0 for none.
	OwnedBy uint32
}

// VirtualRelation is a relation that is computed when read: pg_catalog, information_schema and schema streamdb. Columns
// are the Relation's.
type VirtualRelation interface {
	// Scan emits the rows. A batch is the callee's until emit returns.
	Scan(ctx context.Context, env fn.Env, emit func(*vec.Batch) error) error
}

// Column finds a column by name: its index, or -1.
func (r *Relation) Column(name string) int {
	for i := range r.Columns {
		if r.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

// Visible are the columns that * means.
func (r *Relation) Visible() []Column {
	n := len(r.Columns)
	for n > 0 && r.Columns[n-1].Hidden {
		n--
	}
	return r.Columns[:n]
}

// PrimaryKey is the primary key, or nil.
func (r *Relation) PrimaryKey() *Key {
	if len(r.Keys) > 0 && r.Keys[0].Primary {
		return &r.Keys[0]
	}
	return nil
}

// Option is the value of an option of WITH; ok is false if it was not given.
func (r *Relation) Option(name string) (value string, ok bool) {
	for _, o := range r.Options {
		if o.Name == name {
			return o.Value, true
		}
	}
	return "", false
}

// Types are the types of the columns.
func (r *Relation) Types() []types.Type {
	ts := make([]types.Type, len(r.Columns))
	for i := range r.Columns {
		ts[i] = r.Columns[i].Type
	}
	return ts
}
