// Package nexmark has the queries of the Nexmark project (github.com/nexmark/nexmark, nexmark-flink) in StreamDB's SQL, as the benchmark
// and the tests run them.
//
// Invariants:
//   - queries/qN.sql is one SELECT. What it needs besides the streams is in qN.setup.sql. Where PostgreSQL has no such windows, its
//     spelling of the same question is in qN.postgres.sql; else it is asked qN.sql itself.
//   - Every row_number has an order that is total for what the query shows, so that there is one right answer.
//   - Averages are rounded down to a bigint, as Flink's average of bigints is, so that answers can be compared as texts.
package nexmark
