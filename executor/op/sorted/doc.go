// Package sorted is what the operators over ordered partitions have in common: how their rows are laid out in an ordered
// arrangement, the same order over vectors, and which partitions a step's changes touch.
//
// Invariants:
//   - A layout's columns are the partition's, then the order's, then all others in the order of the input: the columns'
//     order is the sort order, so a prefix of columns is a prefix for a cursor.
//   - Layout.Compare is the order of the arrangement of Layout.Spec: rows that tie by ORDER BY go by all other columns,
//     and only identical rows are equal.
package sorted
