package fn

import "github.com/streamdb/streamdb/sql/types"

var (
	anyElement = types.T(types.AnyElement)
	anyArray   = types.T(types.AnyArray)
	anyType    = types.T(types.Any)
	boolT      = types.T(types.Bool)
	int2T      = types.T(types.Int2)
	int4T      = types.T(types.Int4)
	int8T      = types.T(types.Int8)
	float4T    = types.T(types.Float4)
	float8T    = types.T(types.Float8)
	numericT   = types.T(types.Numeric)
	textT      = types.T(types.Text)
)

// windows are computed by the window operator itself, which knows partitions, peers and frames; here stand their
// signatures.
var windows = []*Window{
	{Name: "row_number", Ret: int8T, Doc: "Number of the current row within its partition, counting from 1.",
		Example: "row_number() OVER (ORDER BY x) → 1"},
	{Name: "rank", Ret: int8T, Doc: "Rank of the current row, with gaps: the row number of the first row of its peer group.",
		Example: "rank() OVER (ORDER BY x) → 1"},
	{Name: "dense_rank", Ret: int8T, Doc: "Rank of the current row without gaps: it counts peer groups.",
		Example: "dense_rank() OVER (ORDER BY x) → 1"},
	{Name: "percent_rank", Ret: float8T, Doc: "Relative rank, (rank - 1) / (rows of the partition - 1): from 0 to 1.",
		Example: "percent_rank() OVER (ORDER BY x) → 0"},
	{Name: "cume_dist", Ret: float8T, Doc: "Share of the partition's rows that precede the current row or are its peers.",
		Example: "cume_dist() OVER (ORDER BY x) → 1"},
	{Name: "ntile", Args: []types.Type{int4T}, Ret: int4T, Doc: "Number from 1 to the argument, dividing the partition as equally as possible.",
		Example: "ntile(4) OVER (ORDER BY x) → 1"},
	{Name: "lag", Args: []types.Type{anyElement, int4T, anyElement}, Optional: 2, Ret: anyElement,
		Doc: "Value of the row that is offset (default 1) rows before the current one, or the default (null).", Example: "lag(x) OVER (ORDER BY x) → NULL"},
	{Name: "lead", Args: []types.Type{anyElement, int4T, anyElement}, Optional: 2, Ret: anyElement,
		Doc: "Value of the row that is offset (default 1) rows after the current one, or the default (null).", Example: "lead(x) OVER (ORDER BY x) → NULL"},
	{Name: "first_value", Args: []types.Type{anyElement}, Ret: anyElement, Doc: "Value of the first row of the frame.",
		Example: "first_value(x) OVER (ORDER BY x) → 1"},
	{Name: "last_value", Args: []types.Type{anyElement}, Ret: anyElement, Doc: "Value of the last row of the frame.",
		Example: "last_value(x) OVER (ORDER BY x) → 1"},
	{Name: "nth_value", Args: []types.Type{anyElement, int4T}, Ret: anyElement, Doc: "Value of the n-th row of the frame, counting from 1; null if there is none.",
		Example: "nth_value(x, 2) OVER (ORDER BY x) → NULL"},
}
