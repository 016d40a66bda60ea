package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/nexmark"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
)

// query measures a query in a model: one run for the checksum, then the one that counts, each on a server of its own.
func (n *Nexmark) query(ctx context.Context, q nexmark.Query, execution string) (r Result, err error) {
	var checked Result
	if checked, err = n.run(ctx, q, execution, true); err != nil {
		return r, err
	}
	if r, err = n.run(ctx, q, execution, false); err != nil {
		return r, err
	}
	if *r.Rows != *checked.Rows && !q.ByClock {
		return r, fmt.Errorf("wrong answer: %d rows, and %d in the run before", *r.Rows, *checked.Rows)
	}
	r.Checksum = checked.Checksum
	return r, nil
}

// server gives the server to measure.
func (n *Nexmark) server(ctx context.Context) (*process.Server, error) {
	if n.URL != "" {
		return process.At(n.URL), nil
	}
	if n.SnapshotInterval > 0 {
		return process.Start(ctx, "--snapshot-interval", n.SnapshotInterval.String())
	}
	return process.Start(ctx)
}

// run runs a query once, to the end of its streams.
func (n *Nexmark) run(ctx context.Context, q nexmark.Query, execution string, checksum bool) (r Result, err error) {
	server, err := n.server(ctx)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	conn, err := server.Connect(ctx)
	if err != nil {
		return r, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	clean, err := isolate(ctx, conn)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, clean()) }()
	streams := nexmark.Options{Events: n.Events, EventRate: n.EventRate, AllColumns: true}
	if err := execute(ctx, conn, nexmark.Streams(streams)+q.Setup); err != nil {
		return r, err
	}
	return n.measure(ctx, server, conn, fmt.Sprintf("CREATE SINK %s AS %s\nWITH (connector = 'blackhole', checksum = %t, execution = '%s', parallelism = %d)",
		sinkName, q.SQL, checksum, execution, n.Parallelism))
}

// schema is where the streams are made, so that those of a server that is not the benchmark's own are left alone; sinkName is the sink.
const (
	schema   = "streamdb_bench"
	sinkName = "nexmark"
)

// isolate makes the schema and gives what drops it.
func isolate(ctx context.Context, conn *pgx.Conn) (clean func() error, err error) {
	if err := execute(ctx, conn, fmt.Sprintf("CREATE SCHEMA %s; SET search_path = %s", schema, schema)); err != nil {
		return nil, err
	}
	return func() error {
		return execute(context.WithoutCancel(ctx), conn, fmt.Sprintf("SET client_min_messages = error; DROP SCHEMA %s CASCADE", schema))
	}, nil
}

// measure times a CREATE SINK up to the end of its streams.
func (n *Nexmark) measure(ctx context.Context, server *process.Server, conn *pgx.Conn, create string) (r Result, err error) {
	watch, err := watchState(ctx, server)
	if err != nil {
		return r, err
	}
	defer watch.stop()
	before, err := server.Usage()
	if err != nil {
		return r, err
	}
	began := time.Now()
	if err := execute(ctx, conn, create); err != nil {
		return r, err
	}
	if err := execute(ctx, conn, "FLUSH"); err != nil {
		return r, err
	}
	seconds := time.Since(began).Seconds()
	after, err := server.Usage()
	if err != nil {
		return r, err
	}
	sink, err := readSink(ctx, conn)
	if err != nil {
		return r, err
	}
	r = Result{Seconds: &seconds, Rows: &sink.rows, Checksum: sink.checksum}
	rate := float64(n.Events) / seconds
	state := max(watch.stop(), sink.stateBytes)
	r.EventsPerS, r.StateBytes = &rate, &state
	if before != nil && after != nil {
		cpu := after.CPU - before.CPU
		r.CPUSeconds, r.PeakRSSBytes = &cpu, &after.PeakRSS
	}
	return r, nil
}

// sinkState is a row of streamdb.sinks.
type sinkState struct {
	rows, stateBytes int64
	checksum         *string
}

func readSink(ctx context.Context, conn *pgx.Conn) (s sinkState, err error) {
	var failure *string
	row := conn.QueryRow(ctx, "SELECT rows, state_bytes, checksum, error FROM streamdb.sinks WHERE name = $1 AND schema = $2", sinkName, schema)
	if err = row.Scan(&s.rows, &s.stateBytes, &s.checksum, &failure); err == nil && failure != nil {
		err = errors.New(*failure)
	}
	return s, err
}

// execute runs statements without parameters.
func execute(ctx context.Context, conn *pgx.Conn, sql string) error {
	_, err := conn.PgConn().Exec(ctx, sql).ReadAll()
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return fmt.Errorf("%s: %s", refused.Code, refused.Message)
	}
	return err
}
