// Package fn holds the functions, operators and aggregates: a literal per function with its signature, null rule,
// volatility, documentation, example and kernel. Binding, execution, pg_proc and the reference page all read these literals.
//
// A literal stands in the list of its file's topic: string_*.go, like.go and regexp*.go; arith_*.go and math_*.go; datetime_*.go,
// tochar_*.go and fromchar*.go; array*.go; json*.go; system_*.go; sets.go; agg_*.go. lookup.go names the lists. To add a function
// is to add a literal, and a line to the goldens of sql/expr (or testdata/aggregate.golden here) with PostgreSQL's answer.
//
// Kernels are made by the builders of kernel.go (map1, text2, slices2, rowwise, …) from a function of one row, or are loops of
// their own where they are hot.
//
// Invariants:
//   - Nothing registers itself; lists are explicit.
//   - A kernel is columnar: it loops over a selection and writes typed buffers; but for rowwise ones, which are for functions
//     seldom called, it allocates nothing per row.
//   - Kernels are pure but for Ctx: the same input gives the same output, whatever the batching.
//   - A row that fails is reported with Ctx.Fail and the loop goes on: whether the error counts is the caller's decision
//     (DESIGN 1.6: only if the row is there at a cut).
//   - An aggregate's result depends on the Z-set of its input (and its order, if OrderSensitive) alone: sums are exact, and
//     values that are equal but not the same are told apart by their representation.
package fn
