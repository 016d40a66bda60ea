package pg

import (
	"net"
	"testing"

	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/wire/pg/script"
)

// scripts hold for PostgreSQL and for us; own ones where we mean to differ.
const (
	scripts      = "testdata/script"
	ownScripts   = "testdata/own"
	valueScripts = "testdata/values"
)

func TestScripts(t *testing.T) {
	_, addr := startServer(t, newFakeEngine(), Config{
		Parse:  parse.Statements,
		Limits: Limits{MaxMessage: 1 << 20, MaxStatements: 5, MaxPortals: 5},
	})
	server := script.Server{
		Dial: func() (net.Conn, error) { return net.Dial("tcp", addr) },
		User: "streamdb", Database: "streamdb",
	}
	script.Run(t, scripts, server)
	script.Run(t, valueScripts, server)
	script.Run(t, ownScripts, server)
}

func TestScriptsPostgres(t *testing.T) {
	server := script.Postgres(t)
	script.Run(t, scripts, server)
	script.Run(t, valueScripts, server)
}
