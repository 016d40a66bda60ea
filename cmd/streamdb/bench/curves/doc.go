// Package curves is `streamdb bench curves`: how the rate of one query changes with one property of it (keys, window size, width of rows,
// views over one stream, interval of batches), in each model and with one and two tasks.
//
// Invariants:
//   - A point is a run over bounded Nexmark streams to their end, on a server process of its own, reached as psql reaches it.
//   - Every answer is checked: at each x all lines have the same result for the same query, by checksum over fewer events and by number of
//     rows in the run that counts.
package curves
