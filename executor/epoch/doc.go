// Package epoch is the one clock that closes epochs for all sources.
//
// The clock takes the commits that wait and what polled sources have, writes them as one epoch to the log, and then hands the
// epoch out: catalog changes, blocks to the relations, answers to those who committed. It closes an epoch as soon as the log has
// taken the last one and a commit waits, so a burst of commits shares one fsync and a lone one waits for nothing.
//
// Invariants:
//   - An epoch's record is in the log (durable, unless every commit in it asked not to wait) before anything of it can be
//     seen. Replay reads the same records, so no epoch has two contents.
//   - A commit lies whole in one epoch. Epochs and their times only rise.
//   - All blocks of an epoch are published before Closed shows it: who has seen the epoch closed finds it in every relation.
//   - After the log has failed, every commit fails with its error: what is not in the log has not happened.
package epoch
