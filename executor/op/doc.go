// Package op is the operator contract; a folder below it holds each family of operators, a file an operator.
//
// Operators are deterministic step functions. They have no goroutine, channel, clock, randomness or map-iteration order;
// what they emit depends on their state's version, their input batches, the watermark and the epoch alone. That is what lets
// one set of operators run under two drivers, in simulation, and in an ad hoc SELECT, with equal answers.
//
// The life of an operator in a step (all input between two cuts):
//
//	Open                                     once
//	{ Push(port, batch)*  Watermark(port, t)? }*   an epoch or several; a watermark stands at its epoch's end
//	                                         (between two of them EndEpoch, for operators that go by epochs: Epochal)
//	EndStep                                  the cut: revisable output is emitted here, consolidated
//	...
//	Close                                    once
//
// Invariants:
//   - An operator that can revise its output emits at EndStep only, and consolidated: no row appears twice, none with
//     weight zero. Stateless operators and those over append-only input emit in Push.
//   - A watermark never overtakes rows that belong before it: an operator with state passes it on at once, and whoever links
//     operators holds it until the cut, unless the operator is Prompt.
//   - Batches belong to their maker: Push reads its batch and copies what it keeps.
//   - A run-time error of a row is not returned but recorded with the row's weight (Context.Fail), so that it counts only
//     if the row is there at the cut. A returned error is a fault that ends the job.
package op
