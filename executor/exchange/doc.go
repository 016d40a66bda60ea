// Package exchange moves batches between the tasks of a job: bounded channels of messages, and the partitioner that sends
// each row to the task that owns its key group.
//
// Invariants:
//   - A channel has one sender and one receiver and keeps order. What crosses it is the receiver's copy.
//   - A channel never blocks: its bound is soft. A sender looks at Full before it takes on more work, and is woken when
//     there is room; so a step that makes more than there is room for finishes, and no cycle of waits can form.
//   - A barrier is sent to every receiver, after everything before it.
//   - Rows of one key always go to one task, by the hash that also finds them in an arrangement (state.GroupOf).
package exchange
