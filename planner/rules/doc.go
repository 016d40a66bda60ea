// Package rules rewrites logical plans, a file a rule. Apply runs them in their order.
//
// Invariants:
//   - A rule keeps the Z-set that a plan computes, for every input; where SQL leaves the answer open it keeps that too.
//   - What can fail is not computed for rows that the query as it was written leaves out before, but for what PostgreSQL moves as well:
//     conditions among conditions of one WHERE, and subqueries that do not depend on the query around them, which are computed even
//     if that has no rows.
//   - A volatile expression is never duplicated, and never moved past an operator that changes the number of rows. In a correlated
//     subquery it is evaluated for each different value of the outer columns.
//   - What several parents share stays shared.
//   - Rules never change a node in place, and give back the node itself where they change nothing.
//
// Aggregates with DISTINCT and FILTER are left whole: the operator computes both call by call.
package rules
