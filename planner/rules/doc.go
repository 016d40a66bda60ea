// Package rules rewrites logical plans, a file a rule. Apply runs them in their order.
//
// Invariants:
//   - A rule keeps the Z-set that a plan computes, for every input; where SQL leaves the answer open it keeps that too.
//   - A volatile expression is evaluated as often, and for the same rows, as before.
//   - Rules never change a node in place, and give back the node itself where they change nothing.
package rules
