// Package pipelined is the driver of long-lived operators: a task per stage and share of the key groups, joined by bounded
// channels, cut by barriers that flow with the data (Carbone et al., "Lightweight Asynchronous Snapshots for Distributed Dataflows",
// 2015).
//
// Invariants:
//   - A task reads an input no further than its barrier until the barrier has come on all inputs (alignment); it then ends the
//     operators' step and sends the barrier on, behind everything of the step and before anything of the next.
//   - Several cuts may be under way; they complete in order.
//   - A task takes no input while one of its receivers is full: back-pressure goes up to whoever feeds the leaves.
//   - A cut is complete when every task has reported it. What a step changed is seen by nobody before.
package pipelined
