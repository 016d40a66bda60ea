// Package drain runs a sink over bounded streams to their end on a server, and tells what that took.
//
// Invariants:
//   - The streams and the sink are in a schema of their own, which is gone afterwards: the server may be one with other work.
//   - What fails in the sink fails the run.
package drain
