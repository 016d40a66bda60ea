// Package bench is `streamdb bench`: benchmarks that users run, as clients of a server like any other.
//
// Invariants:
//   - What is measured is a server process that has nothing else to do, reached as psql reaches it. It has no flag, option or path that
//     only the benchmark takes, but two options anyone can set: all_columns of the source and checksum of the sink.
//   - Every answer is checked: a run of its own makes the checksum, and the measured run, whose sink only counts, must have as many
//     rows. Hashing a row costs more than some queries do, so it is no part of what is measured.
//   - The report is all that goes to stdout.
package bench
