// Package showdown is `streamdb bench showdown`: the argument between pipelined and micro-batched execution, replayed over the same
// operators, state and SQL. For four kinds of query it finds the highest rate that each model keeps up with, the latency below it, what
// snapshots cost, how long recovery takes, what one slow task does, and what is seen of a change from one model to the other.
//
// Invariants:
//   - A measurement has a server process of its own, reached as psql reaches it. Only fail points need a flag that users are not shown.
//   - Latency is that of every millisecond of the source's due times, from the time at which its events were due to that at which a
//     subscriber has a row that says that they are counted: a model that gathers events is not judged by the last one gathered.
//   - Every answer is checked: what the subscriber was sent adds up to the view's rows, none lost and none twice, and CHECK VIEW
//     computes the query anew and finds no difference.
//   - Nothing here fails because a figure is bad, only because an answer is wrong.
package showdown
