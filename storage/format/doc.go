// Package format is the contract of encodings of rows as bytes, for COPY and for connectors: a Decoder turns a stream of bytes
// into batches, an Encoder batches into bytes. The encodings are folders beside this one.
//
// Invariants:
//   - Where the bytes are cut into chunks has no influence on the rows or the errors.
//   - An error is the one of the first bad row, whatever the batch size, with PostgreSQL's context line ("COPY t, line 3,
//     column b: …") in Where.
//   - Memory is bounded by a batch, a chunk and the longest row.
package format
