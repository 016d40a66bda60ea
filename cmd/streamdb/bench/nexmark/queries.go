package nexmark

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed queries/*.sql
var files embed.FS

const (
	count = 23 // queries, from q0 on
	// clockWindows is the query whose windows are of processing time.
	clockWindows = 12
)

// Query is a query of the benchmark.
type Query struct {
	// Name is q0, q1, ….
	Name string
	// SQL is a SELECT over the streams, perhaps with an EMIT clause.
	SQL string
	// Setup are statements that make what it reads besides the streams, for StreamDB and PostgreSQL alike; mostly empty.
	Setup string
	// Postgres asks PostgreSQL the same.
	Postgres string
	// ByClock says that the answer depends on when the query runs.
	ByClock bool
}

// Queries are all queries, in their order.
func Queries() []Query {
	out := make([]Query, count)
	for i := range out {
		q := Query{Name: fmt.Sprintf("q%d", i), ByClock: i == clockWindows}
		q.SQL, q.Setup, q.Postgres = text(q.Name), text(q.Name+".setup"), text(q.Name+".postgres")
		if q.Postgres == "" {
			q.Postgres = q.SQL
		}
		out[i] = q
	}
	return out
}

// text is a file's content; empty if there is none.
func text(name string) string {
	b, err := fs.ReadFile(files, "queries/"+name+".sql")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// Options say which events the streams have.
type Options struct {
	// Events is how many there are, of the three tables together; 0 is endless.
	Events int64
	// EventRate is how many there are to a second of event time.
	EventRate int64
	// Rate is how many come in a second; 0 is as fast as they are read.
	Rate int64
	// AllColumns has every column of every event made, whether a query reads it or not.
	AllColumns bool
}

// Tables are the streams' names.
var Tables = []string{"person", "auction", "bid"}

// Streams are the statements that make the streams.
func Streams(o Options) string {
	return strings.NewReplacer(":events", fmt.Sprint(o.Events), ":event_rate", fmt.Sprint(o.EventRate), ":rate", fmt.Sprint(o.Rate), ":all_columns",
		fmt.Sprint(o.AllColumns)).Replace(text("streams"))
}

// PostgresTables are the statements that make the same tables in PostgreSQL.
func PostgresTables() string { return text("postgres") }
