package pg

import "sync/atomic"

// Metrics counts what a Server has done. All fields may be read at any time.
type Metrics struct {
	Connections  atomic.Int64 // open now, logged in or not
	Sessions     atomic.Int64 // logged in now
	Accepted     atomic.Int64 // connections ever
	Refused      atomic.Int64 // connections ended before a session: limits, failed logins, broken start-ups
	LoginsFailed atomic.Int64 // wrong passwords and refused roles
	Cancels      atomic.Int64 // cancel requests with the right key
	Vanished     atomic.Int64 // statements cancelled because their client had gone
	Statements   atomic.Int64 // statements run
	Errors       atomic.Int64 // ErrorResponses sent
	Violations   atomic.Int64 // messages that broke the protocol
	Panics       atomic.Int64 // connections ended by a fault of ours
	Rows         atomic.Int64 // DataRows sent
	BytesIn      atomic.Int64
	BytesOut     atomic.Int64
}

// Each calls f for every counter: its name in Prometheus's style, what it is, whether it can fall, and its value.
func (m *Metrics) Each(f func(name, help string, gauge bool, value float64)) {
	for _, c := range []struct {
		name, help string
		gauge      bool
		value      *atomic.Int64
	}{
		{"streamdb_pg_connections", "Open client connections, logged in or not.", true, &m.Connections},
		{"streamdb_pg_sessions", "Client sessions that are logged in.", true, &m.Sessions},
		{"streamdb_pg_connections_total", "Client connections accepted.", false, &m.Accepted},
		{"streamdb_pg_refused_total", "Client connections that ended before a session began.", false, &m.Refused},
		{"streamdb_pg_login_failures_total", "Logins refused.", false, &m.LoginsFailed},
		{"streamdb_pg_cancels_total", "Cancel requests with the right key.", false, &m.Cancels},
		{"streamdb_pg_vanished_total", "Statements cancelled because their client had gone.", false, &m.Vanished},
		{"streamdb_pg_statements_total", "Statements run.", false, &m.Statements},
		{"streamdb_pg_errors_total", "Errors sent to clients.", false, &m.Errors},
		{"streamdb_pg_violations_total", "Messages that broke the protocol.", false, &m.Violations},
		{"streamdb_pg_panics_total", "Connections ended by an internal fault.", false, &m.Panics},
		{"streamdb_pg_rows_total", "Rows sent to clients.", false, &m.Rows},
		{"streamdb_pg_bytes_received_total", "Bytes received from clients.", false, &m.BytesIn},
		{"streamdb_pg_bytes_sent_total", "Bytes sent to clients.", false, &m.BytesOut},
	} {
		f(c.name, c.help, c.gauge, float64(c.value.Load()))
	}
}
