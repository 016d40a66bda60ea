// Package catalog maps names to objects: schemas, streams, tables, views, sinks, indexes, sequences and virtual relations.
//
// Invariants:
//   - A *Catalog is immutable: a change makes a new one with a higher Version (Edit), so a statement that holds one sees
//     one state of the world, and a transaction's changes are seen by nobody before its epoch.
//   - An OID is given once and never again, across restarts too.
//   - Objects are immutable as well; they are replaced, never written.
//   - Expressions (defaults, checks, watermarks, views) are kept as SQL text with qualified names and are bound by who uses them.
package catalog
