// Package kv is an ordered map from byte keys to byte values with atomic commits: the one thing that StreamDB asks of a
// disk. It is the only importer of Pebble.
//
// There are two implementations of Store with the same observable behaviour:
//
//   - OpenFolder: Pebble in a data folder. The folder is created, locked (flock: a killed process leaves nothing to clean
//     up), and its format is checked before a byte of it is used.
//   - Mem: a deterministic map in memory with a crash model, for the simulation: what a crash may lose is drawn from a
//     seed, and disk-full and I/O errors come at a chosen operation.
//
// Invariants:
//   - A commit is applied whole or not at all, also over a crash. Unsynced commits may be lost in a crash, the newest
//     first; a synced commit, and every commit before it, is never lost. A finished Bulk is never lost, but does not make
//     the commits before it durable unless it overlaps them.
//   - A write that fails on a full or broken disk makes the store refuse every later write with the same error (53100,
//     58030), as what reached the disk is then known only at the next opening. From that moment the folder is not
//     touched any more: it stays as a crash at that moment would have left it. Reads go on. Nothing panics or exits.
//   - A Bulk that fails before it is committed has no effect, and the store goes on.
//   - An iterator sees the store as it was when the iterator was made.
//   - All key prefixes stand in keys.go.
package kv
