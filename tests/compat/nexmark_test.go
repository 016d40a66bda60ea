package compat_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"github.com/zeebo/xxh3"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/nexmark"
	"github.com/streamdb/streamdb/wire/pg/script"
)

// nexmarkEvents happen in a hundred seconds, so that ten-second windows follow one another.
var nexmarkEvents = nexmark.Options{Events: 100_000, EventRate: 1_000}

// nexmarkPatience is how long the events may take one query.
const nexmarkPatience = time.Minute

// models are the executions that each query is run in.
var models = []string{"pipelined", "microbatch"}

// lacking is what cannot be run yet: a query, a model, or a query in a model, and the error that it gets. What begins to work fails
// the test until its line is gone.
var lacking = map[string]string{}

// lacks is the error that a query is to get in a model; empty if it is to work.
func lacks(query, model string) string {
	for _, what := range []string{query + " " + model, model, query} {
		if code := lacking[what]; code != "" {
			return code
		}
	}
	return ""
}

// TestNexmark runs every query of the Nexmark benchmark as a view and as a sink over the bounded generator, in each model, and
// compares the rows and their checksum with PostgreSQL's over the same events. Two are judged by what they are for: q10 by the file that it
// writes, q12 by its windows, which are of the server's clock.
func TestNexmark(t *testing.T) {
	n := newNexmarkPair(t)
	for _, q := range nexmark.Queries() {
		run(t, n.oracle, q.Setup)
		run(t, n.db, q.Setup)
		for _, model := range models {
			t.Run(q.Name+"/"+model, func(t *testing.T) {
				if code := lacks(q.Name, model); code != "" {
					n.mustLack(t, q, model, code)
					return
				}
				switch {
				case q.Name == "q10":
					n.compareFile(t, q, model)
				case q.ByClock:
					n.checkClockWindows(t, q, model)
				default:
					n.compare(t, q, model)
				}
			})
		}
	}
}

// nexmarkPair is StreamDB with the streams and PostgreSQL with the same rows.
type nexmarkPair struct {
	oracle, db *pgconn.PgConn
	files      string
}

func newNexmarkPair(t *testing.T) *nexmarkPair {
	oracle := script.Postgres(t) // first, as it may skip
	n := &nexmarkPair{oracle: connect(t, oracle), files: t.TempDir()}
	n.db = connect(t, startWithFiles(t, n.files))
	run(t, n.db, nexmark.Streams(nexmarkEvents))
	run(t, n.oracle, nexmark.PostgresTables())
	for _, table := range nexmark.Tables {
		rows := copyOut(t, n.db, "SELECT * FROM "+table)
		_, err := n.oracle.CopyFrom(t.Context(), bytes.NewReader(rows), "COPY "+table+" FROM STDIN")
		require.NoError(t, err, table)
	}
	run(t, n.oracle, "ANALYZE")
	return n
}

// compare is for a query whose rows are PostgreSQL's.
func (n *nexmarkPair) compare(t *testing.T, q nexmark.Query, model string) {
	want := lines(copyOut(t, n.oracle, q.Postgres))
	require.NotEmpty(t, want, "%s shows nothing for so few events", q.Name)
	run(t, n.db, fmt.Sprintf("CREATE VIEW v WITH (execution = '%s') AS %s", model, q.SQL))
	requireSameLines(t, want, lines(copyOut(t, n.db, "SELECT * FROM v")))
	run(t, n.db, "DROP VIEW v")

	run(t, n.db, fmt.Sprintf("CREATE SINK s AS %s WITH (connector = 'blackhole', checksum = on, execution = '%s')", q.SQL, model))
	run(t, n.db, "FLUSH")
	got := lines(copyOut(t, n.db, "SELECT rows, checksum FROM streamdb.sinks WHERE name = 's'"))
	require.Equal(t, []string{fmt.Sprintf("%d\t%016x", len(want), checksum(want))}, got)
	run(t, n.db, "DROP SINK s")
}

// compareFile is for a query that logs rows to the file system.
func (n *nexmarkPair) compareFile(t *testing.T, q nexmark.Query, model string) {
	path := q.Name + model + ".csv"
	run(t, n.db, fmt.Sprintf("CREATE SINK s AS %s WITH (connector = 'file', path = '%s', mode = 'append', header = off, execution = '%s')",
		q.SQL, path, model))
	run(t, n.db, "FLUSH")
	got, err := os.ReadFile(filepath.Join(n.files, path))
	require.NoError(t, err)
	var want bytes.Buffer
	_, err = n.oracle.CopyTo(t.Context(), &want, fmt.Sprintf("COPY (%s) TO STDOUT (FORMAT csv)", q.Postgres))
	require.NoError(t, err)
	requireSameLines(t, lines(want.Bytes()), lines(got))
	run(t, n.db, "DROP SINK s")
}

// checkClockWindows is for a query whose windows are of the time at which it runs: it must count each bid once, in windows of ten
// seconds that are aligned.
func (n *nexmarkPair) checkClockWindows(t *testing.T, q nexmark.Query, model string) {
	run(t, n.db, fmt.Sprintf("CREATE VIEW v WITH (execution = '%s') AS %s", model, q.SQL))
	bids := "SELECT bidder, count(*) FROM bid GROUP BY bidder"
	requireSameLines(t, lines(copyOut(t, n.oracle, bids)), lines(copyOut(t, n.db, "SELECT bidder, sum(bid_count) FROM v GROUP BY bidder")))
	odd := `SELECT * FROM v WHERE endtime - starttime <> INTERVAL '10 seconds' OR extract(second FROM starttime)::int % 10 <> 0
		OR starttime > now() OR endtime < now() - INTERVAL '10 minutes'`
	require.Empty(t, lines(copyOut(t, n.db, odd)))
	run(t, n.db, "DROP VIEW v")
}

// mustLack requires the error that a query is listed with.
func (n *nexmarkPair) mustLack(t *testing.T, q nexmark.Query, model, code string) {
	_, err := n.db.Exec(t.Context(), fmt.Sprintf("CREATE VIEW v WITH (execution = '%s') AS %s", model, q.SQL)).ReadAll()
	require.Error(t, err, "it works: take its line out of the list")
	var pgErr *pgconn.PgError
	require.True(t, errors.As(err, &pgErr), "%v", err)
	require.Equal(t, code, pgErr.Code, pgErr.Message)
}

// run runs statements that must work.
func run(t *testing.T, c *pgconn.PgConn, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), nexmarkPatience)
	defer cancel()
	_, err := c.Exec(ctx, sql).ReadAll()
	require.NoError(t, err, sql)
}

// copyOut is a query's answer as COPY writes it.
func copyOut(t *testing.T, c *pgconn.PgConn, sql string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), nexmarkPatience)
	defer cancel()
	var out bytes.Buffer
	_, err := c.CopyTo(ctx, io.Writer(&out), fmt.Sprintf("COPY (%s) TO STDOUT", sql))
	require.NoError(t, err, sql)
	return out.Bytes()
}

// lines are an answer's rows, sorted.
func lines(b []byte) []string {
	out := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if len(b) == 0 {
		return nil
	}
	slices.Sort(out)
	return out
}

// requireSameLines compares answers that may be too long to be shown.
func requireSameLines(t *testing.T, want, got []string) {
	t.Helper()
	for i := range min(len(want), len(got)) {
		require.Equal(t, want[i], got[i], "row %d of %d in PostgreSQL's answer, of %d in ours", i, len(want), len(got))
	}
	require.Len(t, got, len(want))
}

// checksum is what the blackhole sink makes of rows.
func checksum(rows []string) (sum uint64) {
	for _, r := range rows {
		sum += xxh3.HashString(r)
	}
	return sum
}
