package physical

import "github.com/streamdb/streamdb/sql/types"

// TopN keeps, in each partition, the rows from Offset to Offset+Limit of the order. The output's rows are a Z-set: what the
// client sees sorted is Root's business.
type TopN struct {
	PartitionBy []int
	OrderBy     []SortKey
	// Limit and Offset are int8 expressions without columns (parameters are possible). A null or missing Limit is no limit, a null or
	// missing Offset 0. A negative value is 2201W or 2201X.
	Limit  Expr
	Offset Expr
	// WithTies also keeps the rows equal, by OrderBy alone, to the last one.
	WithTies   bool     `json:",omitempty"`
	AppendOnly bool     `json:",omitempty"`
	Closing    *Closing `json:",omitempty"`
}

// Kind implements Op.
func (*TopN) Kind() string { return "TopN" }

// MaxFirstRows is how many rows of a partition FirstRows keeps at most: it looks at all of them when one comes.
const MaxFirstRows = 128

// FirstRows keeps the first Limit rows of each partition, by the order and then by all columns, where nothing is ever retracted from the
// input: a row that is not among them will never be. It is what TopN is for small limits over such inputs; PartitionBy is not empty.
type FirstRows struct {
	PartitionBy []int
	OrderBy     []SortKey
	// Limit is from 1 to MaxFirstRows.
	Limit int
	// Number says that a last column, an int8, has each row's number in its partition, from 1 on.
	Number  bool     `json:",omitempty"`
	Closing *Closing `json:",omitempty"`
}

// Kind implements Op.
func (*FirstRows) Kind() string { return "FirstRows" }

// Over computes window functions: the output has the input's columns, then one for each call. All calls share partition
// and order.
type Over struct {
	PartitionBy []int
	OrderBy     []SortKey
	Calls       []WindowCall
	AppendOnly  bool     `json:",omitempty"`
	Closing     *Closing `json:",omitempty"`
	// Frees says that rows are freed once no row that is still to come can have a part in a result with them. The first column of OrderBy,
	// ascending with NULLs last, carries a watermark then; late rows are left out below (OnTime), nothing is retracted, and each call looks
	// no farther than by a number of rows or a length of time, or from the partition's first row on (without EXCLUDE): what it needs of
	// rows that have been freed is an accumulator of a fixed size then.
	Frees bool `json:",omitempty"`
}

// Kind implements Op.
func (*Over) Kind() string { return "Over" }

// WindowCall is a window function, or an aggregate over a frame.
type WindowCall struct {
	Name     string
	ArgTypes []types.Type
	// Aggregate tells an aggregate (fn.LookupAggregate) from a window function (fn.LookupWindow).
	Aggregate bool `json:",omitempty"`
	Args      []int
	// Filter is a boolean input column, NoColumn for none; aggregates only.
	Filter int
	Frame  Frame
	Type   types.Type
	// By is how many rows lag and lead go where the column Args[1] is a constant; nil: one, or what the column says.
	By *int64 `json:",omitempty"`
}

// FrameUnit is what a frame's offsets count.
type FrameUnit string

// The frame units.
const (
	Rows   FrameUnit = "rows"
	Range  FrameUnit = "range"
	Groups FrameUnit = "groups"
)

// BoundKind is the kind of a frame's bound.
type BoundKind string

// The bounds of a frame.
const (
	UnboundedPreceding BoundKind = "unbounded preceding"
	Preceding          BoundKind = "preceding"
	CurrentRow         BoundKind = "current row"
	Following          BoundKind = "following"
	UnboundedFollowing BoundKind = "unbounded following"
)

// Exclusion is what a frame leaves out.
type Exclusion string

// The frame exclusions.
const (
	ExcludeNone       Exclusion = ""
	ExcludeCurrentRow Exclusion = "current row"
	ExcludeGroup      Exclusion = "group"
	ExcludeTies       Exclusion = "ties"
)

// Frame is a window frame, with SQL's default filled in.
type Frame struct {
	Unit       FrameUnit
	Start, End Bound
	Exclude    Exclusion `json:",omitempty"`
}

// Bound is one bound of a frame. Offset is an expression without columns: int8 for ROWS and GROUPS, and for RANGE what is
// added to or taken from the order column (an interval over times, its own type over numbers). It must not be null or negative (22004,
// 22013).
type Bound struct {
	Bound  BoundKind
	Offset Expr
}
