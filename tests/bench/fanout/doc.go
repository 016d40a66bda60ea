// Fanout measures one server with many views over one stream, or with many subscribers to one view. It is a client like any other, over
// the wire, and checks the answers that it times.
//
//	go build -o /tmp/streamdb ./cmd/streamdb
//	go run ./tests/bench/fanout -server /tmp/streamdb -views 1000 -mix groups|filters|equal
//	go run ./tests/bench/fanout -server /tmp/streamdb -subscribers 2000
//
// Each run starts the server on a folder of its own and prints a line a figure. CPU and memory are the server's, from /proc; times are the
// client's and say less on a machine that others use.
package main
