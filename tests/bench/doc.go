// Package bench measures a whole server from the outside, as its users see it, and checks every answer that it times. `go test
// ./tests/bench -bench . -run xxx` runs all; nothing of it runs in an ordinary `go test`. pgbench/run measures reads by many clients
// against PostgreSQL, and copy/run COPY, in turn.
package bench
