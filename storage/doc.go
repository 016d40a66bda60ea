// Package storage is what StreamDB remembers and how it touches the outside.
//
// The packages below it, and what each owns:
//
//   - kv: an ordered, transactional map of bytes on disk (the only importer of Pebble), and a deterministic one in memory
//     with a crash model of its own, for the simulation. It also owns the data folder and the list of key prefixes.
//   - changelog: the durable ordered log of epochs. Rows that clients write live here and nowhere else.
//   - snapshot: consistent snapshots of groups of jobs, and the store of state pages that they refer to.
//   - state: arrangements and their versions.
//   - connector, format: sources, sinks, and the encodings of what passes through them.
//
// Invariants:
//   - Nothing here knows SQL text, plans, operators or jobs: rows are vec batches, plans and catalog changes are bytes.
//   - What is acknowledged as durable is found again after kill -9 or power loss, and an epoch is there whole or not at all.
//   - Bytes read from disk are checked before they are used; damage is XX001 and names what is damaged.
package storage
