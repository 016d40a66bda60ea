// Package microbatch is the driver of discretized streams (Zaharia et al., SOSP 2013): each step's input is a batch of immutable blocks,
// and the plan is a graph of short deterministic tasks over them, one for each stage and partition, run by a pool of workers in
// topological order. A partition is a key group.
//
// A task reads blocks and a version of its partition's state, and commits a new version and the blocks that it sends on. Until it commits
// nothing of it can be seen, so it can be run again, or twice at once: the first to finish wins.
//
// What is needed to make any version again is kept until a snapshot has it (the lineage): the inputs of each batch, and the blocks
// that crossed exchanges, up to a budget; blocks past it are made again from their own parents.
//
// Invariants:
//   - A version belongs to a batch, a stage and a partition, and depends on nothing but the version before and the batch's blocks.
//   - A task begins when the stages that it reads have finished the batch, and its own partition the one before; other stages and other
//     partitions may be in other batches, so that a slow task holds up its partition alone. Only a stage's first batch ends before its
//     next begins: rows of a back-fill bring watermarks along.
//   - No more attempts run than are ordered, but for those that wait for something: they have taken no rows for a while.
//   - The batches complete in order.
//   - Where rows are judged late, they and the watermarks of the epochs of a batch stay in their order through every exchange.
package microbatch
