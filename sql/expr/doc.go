// Package expr holds bound expressions, and evaluates them over vectors.
//
// A Node is immutable and typed; it is made by the binder, rewritten by the planner, stored inside physical plans (Encode) and
// compiled by whoever runs it. Compile turns it into a Program, which owns the buffers that the evaluation needs; a Program
// belongs to one goroutine.
//
// Invariants:
//   - A node never changes once it is made; With makes another. Trees may share nodes.
//   - AND, OR and COALESCE are n-ary, and a chain of any length costs no stack.
//   - Evaluation follows PostgreSQL's order: AND, OR, CASE and COALESCE evaluate an arm only for the rows that the arms
//     before it left undecided, so an arm's error cannot hit a row that is guarded from it.
//   - A row that fails is reported through Ctx.Fail, yields null, and stops no other row. Fold leaves what fails as it is.
//   - Results belong to the Program and are valid until its next evaluation; a column reference is the batch's own vector.
package expr
