// Command peers measures StreamDB against Flink and Spark on the queries of the Nexmark benchmark: the same events, in turn, on an
// otherwise idle machine. `go run ./tests/bench/peers` does all of it; docs/benchmarks/peers.md says what it needs and how to read it.
//
// Invariants:
//   - Nothing of the peers is in the repository. They come from PyPI and are built against in a cache folder; the programs that run
//     them (generator, flink, spark) are ours.
//   - An answer is compared before anything is timed: number of rows and checksum, of the same events.
//   - Only one engine runs at a time, each run in processes of its own. A peer is warmed up in them first, as it compiles while it runs.
//   - A run that does not end well is a line of the report like any other, and not a number.
package main
