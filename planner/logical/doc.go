// Package logical is the algebra that the binder makes, the rules rewrite and lowering turns into physical plans.
//
// Invariants:
//   - A column has one identity (ColID) in a whole query, given by Columns. Expressions name columns by it: the Index of an
//     expr.Column is a ColID. Moving an operator therefore never renumbers anything.
//   - No two inputs of a join have a column in common.
//   - Columns that an operator names outside expressions (keys, arguments of aggregates, orders) are its input's. A column of an
//     outer query stands in expressions only: a node with such free columns is correlated, and a Join whose right side
//     has free columns that its left side gives is a dependent join. The rule decorrelate removes all of them.
//   - Nodes are immutable; rules make new ones. A node may have several parents: a shared subplan is computed once.
package logical
