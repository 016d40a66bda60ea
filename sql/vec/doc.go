// Package vec is the columnar unit of rows: Vector, Batch, weights, selections, row hashes, comparisons and the column-wise
// block codec.
//
// Invariants:
//   - A column's buffers are pointer-free and hold native little-endian values, as Arrow's do: validity is a bitmap with
//     the least significant bit first (nil: no nulls), booleans are one byte (bool8), strings are spans into a data
//     buffer (Arrow's ListView: offsets and sizes; so substring, filter and gather share the data instead of copying it).
//   - A batch belongs to whoever made it. A callee may read it until it returns, and copies what it keeps.
//   - A batch without Weights is all +1: the append-only fast path. A batch without Sel has all its rows.
//   - The value under a null, and under a row that is not selected, is unspecified but readable.
//   - Hash is part of the storage format (it decides a row's key group): it never changes for a value.
package vec
