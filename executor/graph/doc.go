// Package graph turns a physical plan into what a driver runs: stages, and for each task of a stage an Instance, its operators
// linked so that each calls the next one directly, batch by batch.
//
// The list from plan nodes to operators is build.go's: a new operator is a line there.
//
// Invariants:
//   - A stage is what is connected without crossing an Exchange. An Exchange is an output of the stage below and an input of
//     the one above.
//   - An Instance has no goroutine and no clock; a driver pushes rows in at its leaves and takes them at its outputs.
//   - EndStep reaches operators in plan order, so an operator's inputs have ended before it does.
package graph
