// Package lower turns logical plans into physical ones: identities of columns become positions, conditions of joins become keys, and
// a plan for several tasks gets its exchanges.
//
// Invariants:
//   - The logical plan has been through the rules: a dependent join that is left over is an internal error.
//   - A logical node becomes one physical node, with projections around it where columns must be computed or put in order. A node with
//     several parents becomes one node with several readers.
//   - Every stateful node's input is spread over the tasks by exactly the columns of the node's own key, in its order, or lies in one
//     task: state is moved and restored by the hash of that key, so a hash of some of the columns would not do.
//
// An error is a broken invariant of the planner, never of the user; it travels as a panic that Plan recovers.
package lower
