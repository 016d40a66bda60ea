// Package match has the Match operator: row pattern recognition (SQL:2016's MATCH_RECOGNIZE).
//
// A pattern is compiled to a program of states (program.go) that is run over the rows of a partition by advancing all states that
// can be reached side by side, in the order in which the pattern prefers them (search.go; Pike, "The text editor sam", 1987):
// so a state that two ways lead to is followed once, and (a*)*b costs no more than a*b. That holds as long as conditions
// look at their own row and its neighbours only: those are computed for all rows of a block at once (local.go). A condition
// that looks at rows matched before (FIRST, LAST of other variables, aggregates) makes states differ by how they were reached;
// what it looks at is carried along with each state (history.go), states that agree in it are one, and their number is bounded.
//
// The rows are kept in an ordered arrangement by partition and order. A step's output is a difference: the matches of each changed
// partition as it was are found again and taken back, and those as it is are emitted. With a watermark, rows behind it are
// settled; a search that was decided by settled rows alone is never made again, and rows before the first undecided one are
// freed (settle.go). Without one, what was decided stays so as long as changes come behind all that was looked at. What is left to
// be searched anew is thus mostly a window at the end of each partition.
//
// Invariants:
//   - Positions are rows of a block: the rows of some partitions, each copy of a row of weight n a row, in order. Rows that tie by
//     ORDER BY go by all other columns.
//   - Progress counts from the first row that is kept of a partition. No row is inserted before a settled one.
//   - With EmitOnClose nothing is emitted that could change; without a watermark no row is ever freed.
package match
