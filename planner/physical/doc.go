// Package physical holds plans as the executor runs them: a topologically ordered list of nodes over columns by position.
//
// A plan is pure data with a versioned encoding. A view's plan is stored with its definition and is what a restart and a newer
// binary run, so nothing here may depend on how the planner came to it.
//
// Invariants:
//   - Nodes[i] reads only nodes before i, and the last node is a Root. An input may be read by several nodes.
//   - Columns are positions in the input's row; in a join, the left input's columns and then the right input's.
//   - An expression has exactly the types its columns have: all casts are explicit, and no subquery and no outer column is left.
//   - Statement parameters stay expr.Param, so that one plan serves every execution of a prepared statement.
//   - Null keys: a Join's key pair says whether nulls match; everywhere else (grouping, DISTINCT, set operations, PARTITION BY)
//     nulls are equal to each other, as in SQL.
//   - An order that is not total goes on by all columns of the input, in their order, ascending, nulls last (DESIGN 1.6).
package physical
