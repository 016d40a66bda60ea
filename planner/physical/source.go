package physical

// Scan reads a relation. It has no inputs.
type Scan struct {
	// Relation is the relation's OID, Name its qualified name for EXPLAIN.
	Relation uint32
	Name     string
	// Columns are the relation's columns (by index) that the output has, in this order.
	Columns []int
	// Arrival appends a column of type timestamptz: the recorded time of the epoch in which the row came. The relation is a stream.
	Arrival bool `json:",omitempty"`
	// ByClock says that the scan's watermark is that of Arrival: at the end of an epoch, the epoch's recorded time.
	ByClock bool `json:",omitempty"`
	// AsOf is the epoch (int8) or time (timestamptz) of AS OF SYSTEM TIME, an expression without columns.
	AsOf Expr
	// Lookup, if not empty, are the values of the relation's columns Key (expressions without columns): only the row with that
	// key is wanted. A null has no row. KeyName is the key's name, if it has one.
	Key     []int  `json:",omitempty"`
	Lookup  []Expr `json:",omitempty"`
	KeyName string `json:",omitempty"`
	// Range, if set, is the part of an index that is wanted. The executor may give more rows: the condition is in a Filter above.
	Range *IndexRange `json:",omitempty"`
}

// IndexRange are the rows that have certain values in the first columns of an index, and in the next one a value between bounds or one of
// several. All values are expressions without columns, of the column's type; a null has no row, and one that cannot be computed bounds
// nothing.
type IndexRange struct {
	// Index is the OID of the index, Name its name for EXPLAIN. 0 stands for the key of Columns, all of which have values then.
	Index uint32
	Name  string
	// Columns are the relation's columns that are bound, in the index's order: those of Equal, and then that of In, or of Low and High.
	Columns []int
	Equal   []Expr `json:",omitempty"`
	// In is an array of the values that the last column may have, or none.
	In Expr
	// Low and High may be none. LowOpen and HighOpen leave the value itself out.
	Low, High         Expr
	LowOpen, HighOpen bool `json:",omitempty"`
}

// Kind implements Op.
func (*Scan) Kind() string { return "Scan" }

// Values has constant rows: expressions without columns (parameters are possible). A Values without columns and with one row is
// the input of a SELECT without FROM; one without rows is the empty relation.
type Values struct {
	Rows [][]Expr
}

// Kind implements Op.
func (*Values) Kind() string { return "Values" }

// TableFunc calls set-returning functions for each row of its input: the output has the input's columns, then those of each
// function, then the ordinality if asked for. Several functions (ROWS FROM) run in step, the shorter ones padded with nulls. A
// retracted input row retracts what it produced.
type TableFunc struct {
	Calls []TableCall
	// Ordinality appends the row's number within its input row, from 1, as int8.
	Ordinality bool
	// Outer keeps an input row for which the functions return nothing, with nulls (LEFT JOIN LATERAL … ON true).
	Outer bool
}

// TableCall is a function of TableFunc. Call is an *expr.Call of a function with Set, or any scalar expression, which gives
// one row of one column.
type TableCall struct {
	Call Expr
	// Columns is how many columns it gives.
	Columns int
}

// Kind implements Op.
func (*TableFunc) Kind() string { return "TableFunc" }
