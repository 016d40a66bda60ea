// Package props derives what must be true of a logical operator's output, whatever the data: keys, columns that are never null,
// append-only, watermarks.
//
// Invariants:
//   - Everything derived is a proof, never an estimate: a property that is not derived may hold all the same.
//   - A key takes nulls as equal to each other. An empty key says that there is at most one row.
package props
