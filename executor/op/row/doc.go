// Package row has the operators that look at one row at a time: filter, projection, union, table functions, window
// assignment. They keep no state and emit in Push.
package row
