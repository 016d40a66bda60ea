// Package relation is what the rest of the executor sees of a relation, whatever stands behind it (a table, a stream that
// clients write, a connector's source, a view): its rows as of an epoch, its changes by cut, and how far it is complete.
//
// A relation is a sequence of blocks, one a cut that changed it, and, unless it is a stream, the sum of them: an arrangement
// (the content). Readers take a frozen version of the content and undo the few blocks past the epoch they want, so one
// statement reads any number of relations as of one epoch without stopping any of them, and AS OF works for as long as the
// blocks are kept. Jobs that read a relation walk its blocks with a cursor of their own, so no reader holds up another.
//
// The same rows may also be kept by other unique keys (UNIQUE), and sorted by some of their columns (CREATE INDEX). An index is made while
// the relation goes on: an IndexBuild copies a frozen version, then what was published since, and only then is it read.
//
// Invariants:
//   - Blocks are published in ascending order of epoch and never change.
//   - Content and blocks change together, under one lock: content is always the sum of all blocks up to Cut.
//   - An index that is ready is the content, in another order, at every moment that a reader can see.
//   - Publishing wakes the dependants before a commit of the epoch is answered; what the clock publishes, once the epoch is closed.
package relation
