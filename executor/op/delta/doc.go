// Package delta holds what an operator gathers within one step: changes to a Z-set, and the hash tables over dense vectors
// that consolidate and group them. It is scratch memory and no state: at the end of a step everything is empty again.
//
//   - Index numbers distinct rows, by identity (rows of a Z-set) or by equality (keys).
//   - Set adds up the weights of identical rows: what comes out of it is consolidated.
//   - Rows gathers rows as they come, in batches that fit the cache, without looking at them.
//
// Invariants:
//   - Everything keeps the order in which rows were first seen: no answer depends on the layout of a table.
//   - Buffers are kept from step to step, but not those of a step that was very large.
package delta
