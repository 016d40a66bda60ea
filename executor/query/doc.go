// Package query runs a plan once over bounded inputs: an ad hoc SELECT is a job of a single step. It uses the same operators as
// views do, and differs only in where rows come from and go to.
//
// Invariants:
//   - The rows handed out have positive weights; identical ones may come several times, or once with their weight.
//   - A Prepared plan gives the same rows in its every run as one made for that run alone.
//   - Rows come in Root's order, closed by all columns (DESIGN 1.6), and else in an order that the inputs alone decide.
//   - A run-time error ends the query if its row is there once all input has come.
package query
