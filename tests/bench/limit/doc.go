// Package limit has some Nexmark queries as plain Go loops over the same generator: no SQL, no snapshots, no exchange, no general engine,
// state in arrays and maps that fit the question. They are the physical limit that StreamDB is compared with; `go test
// ./tests/bench/limit -bench . -run xxx` measures them.
//
// Invariants:
//   - Every column of every event of the tables that a query reads is made, as in `streamdb bench nexmark`.
//   - The workers take adjacent ranges of events, keep state of their own, and merge it once at the end.
//   - An answer's rows and checksum are those of the engine; an ordinary `go test` compares them.
package limit
