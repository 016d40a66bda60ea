// Command ratios has StreamDB and the loops of tests/bench/limit answer the same queries on the same events, in turn, and prints how much
// of the loops' rate StreamDB has: `go run ./tests/bench/limit/ratios`.
//
// Invariants:
//   - StreamDB is a server process of its own for each run, asked as any client would; a loop runs in this process.
//   - Both give as many rows, or there is no figure.
package main
