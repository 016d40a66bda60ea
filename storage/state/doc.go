// Package state keeps the rows that operators remember: arrangements, made of pages, frozen into versions.
//
// An arrangement is an indexed Z-set. There are these:
//   - Hashed: found by the hash of its key. With Spec.Unique it is keyed (one row per key: aggregates, tables, top-1;
//     Lookup, Gather, Put, Delete); without, it is a Z-set of rows with weights (joins, DISTINCT, set operations, view
//     results; Apply, Probe).
//   - Ordered: a counted B+-tree per key group, sorted by key, order columns and then all other columns (min and max under
//     retraction, top-N, OVER, sessions, ASOF, CREATE INDEX; Apply, Cursor).
//   - Sliced, SlicedOrdered: a Hashed or an Ordered for each slice of time, so that closing windows frees their pages whole.
//   - List: rows in the order they came, without index (append-only relations without a key).
//   - Log, SlicedLog: likewise, but each key group's rows by themselves, and each is found again by the place that it was given (large rows,
//     of which a Hashed has the keys and places: Append, Fetch).
//
// Invariants:
//   - A page is one pointer-free buffer that holds rows as columns, with its index and its strings. It can be written to
//     disk as it is, and an arrangement is a tree of pages whose first level is the key group (the top four bits of the
//     hash of the key).
//   - One goroutine at a time writes an arrangement. Freeze is O(1) and gives a Version, which any number of goroutines may
//     read while the writer goes on: what a version can reach is copied before it is written again.
//   - Every tree node counts the parents that point at it. A buffer goes back to Memory when the last one is gone, so a
//     Version and an arrangement must be released exactly once.
//   - Answers depend on the history of operations alone: no map order, no randomness, no addresses. Restored state and
//     state that was evicted and read again answer as if nothing had happened, in the same order.
//   - A buffer that was taken by a reader stays readable after it was evicted: it is left to the garbage collector, and
//     only buffers whose last reference is gone are recycled.
//
// How the parts go together: memory.go hands out buffers; layout.go says where things lie in one, page.go and index.go (or
// sorted.go) read and write its rows, reshape.go makes larger and smaller ones; node.go is the copy-on-write tree, of which
// directory.go and shrink.go make a trie (lookup, put, zset, insert, probe, scan) and btree.go and bsplit.go a B+-tree (cursor), rope.go a
// sequence (list, log);
// writer.go and version.go freeze it; codec.go, manifest.go and store.go bring it to disk and back.
//
// Rows are compared in two ways, both sql/vec's: keys by "is not distinct from" (1.0 and 1.00 are one key), rows of a Z-set by
// identity (they are two rows). Hashes that callers pass are those of vec.HashRows over the key columns.
package state
