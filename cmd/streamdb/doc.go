// Command streamdb is the server and its tools in one binary: start, demo, check, bench.
package main
