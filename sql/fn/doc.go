// Package fn holds the functions, operators and aggregates: a literal per function with its signature, null rule,
// volatility, documentation, example and kernel. Binding, execution, pg_proc and the reference page all read these literals.
//
// Invariants:
//   - A function is added as one literal in the list of its file's topic; nothing registers itself.
//   - A kernel is columnar: it loops over a selection and writes typed buffers; it allocates nothing per row.
//   - Kernels are pure but for Ctx: the same input gives the same output, whatever the batching.
//   - A row that fails is reported with Ctx.Fail and the loop goes on: whether the error counts is the caller's decision
//     (DESIGN 1.6: only if the row is there at a cut).
package fn
