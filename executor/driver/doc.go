// Package driver is the contract between a job and what executes its plan. There are two drivers: executor/pipelined keeps its
// operators running and lets batches flow through them, executor/microbatch runs a graph of short tasks for each step. Both run
// the same operators over the same state, so a job can change from one to the other at a cut.
//
// The life of a driver:
//
//	Restore                                            once, or not at all
//	{ {Feed* Watermark*  Cut(within)?}*  Cut  Take* }  a step: all input between two cuts, an epoch or several
//	Close
//
// Invariants:
//   - What is fed before a Cut is its step, and no step sees half of what another changes.
//   - Cuts complete in the order in which they were asked for.
//   - A driver neither publishes nor judges: what a step changed is the job's to show.
package driver
