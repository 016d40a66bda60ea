// Package connector is the contract between StreamDB and the world outside: sources that rows are polled from and sinks that
// a view's changes are written to. Each connector is a folder beside this one and a Connector literal in it; cmd lists the
// literals in a Set, nothing registers itself.
//
// Invariants:
//   - A connector never looks at a clock, starts no goroutine and never blocks for longer than one read or write: the caller
//     decides when to poll and says what time it is, so that a simulation can drive it.
//   - A position means the same rows for ever: a reader opened at p and polled until q yields the same rows, in the same
//     order, however often, in however many batches, before and after a restart. That is why the rows of a replayable
//     source need not be stored.
//   - A sink shows a cut whole or not at all, and once: what was committed before a crash is not written again.
//   - Every error is a sqlerr; one about an option or a column lists what would have been valid.
package connector
