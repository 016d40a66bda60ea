// Package process is the server that a benchmark measures: a process of this binary, or a given one, in a folder of its own, which it can kill and start
// again, or one that runs already.
//
// Invariants:
//   - A server of our own has a folder of its own, which goes when it is stopped; nothing else of it is left.
//   - Nothing is measured of a server that has ended by itself: who asks for a connection is told what it said last.
package process
