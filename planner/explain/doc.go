// Package explain writes physical plans as text, in the form of PostgreSQL's EXPLAIN: a tree of operators with the result at the top,
// each with lines that say by what it works.
//
// Invariants:
//   - The text follows from the plan alone and is the same each time: tests compare it, and so may users.
//   - A node with several readers is written once and referred to after.
package explain
