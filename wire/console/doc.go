// Package console is the server's HTTP side: /healthz for those who watch over the process and /metrics for Prometheus.
//
// Invariants:
//   - It answers GET and HEAD alone, and no request changes anything.
//   - It knows counters and a health check as functions it is given; cmd joins it to what it reports on.
//   - No client holds its resources for long: reading a request and answering it have deadlines, headers a limit.
package console
