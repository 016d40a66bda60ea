package drain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
)

// Figures are what a run took.
type Figures struct {
	// Seconds are from the first CREATE SINK to the end of the streams.
	Seconds float64
	// CPUSeconds are the server's, of user and kernel, in that time; PeakRSSBytes is the most it ever had. Both are nil if the server is
	// not one of our own.
	CPUSeconds   *float64
	PeakRSSBytes *int64
	// StateBytes is the most memory that the sinks were seen to have.
	StateBytes int64
	// Rows are those of the first sink's result at the end; Checksum is of them, if the sink makes one.
	Rows     int64
	Checksum *string
}

// schema is where the streams are made, so that those of a server that is not the benchmark's own are left alone.
const schema = "streamdb_bench"

// Sinks makes the streams of setup, and then a blackhole sink for each query, with options as in WITH (…), and waits for the end of its
// streams.
func Sinks(ctx context.Context, server *process.Server, setup, options string, queries ...string) (f Figures, err error) {
	conn, err := server.Connect(ctx)
	if err != nil {
		return f, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := execute(ctx, conn, fmt.Sprintf("CREATE SCHEMA %s; SET search_path = %s", schema, schema)); err != nil {
		return f, err
	}
	defer func() {
		drop := fmt.Sprintf("SET client_min_messages = error; DROP SCHEMA %s CASCADE", schema)
		err = errors.Join(err, execute(context.WithoutCancel(ctx), conn, drop))
	}()
	if err := execute(ctx, conn, setup); err != nil {
		return f, err
	}
	create := make([]string, len(queries))
	for i, q := range queries {
		create[i] = fmt.Sprintf("CREATE SINK %s AS %s\nWITH (connector = 'blackhole', %s)", sinkName(i), q, options)
	}
	return measure(ctx, server, conn, create)
}

func sinkName(i int) string { return fmt.Sprintf("drain_%d", i) }

// measure times the statements that create the sinks up to the end of their streams.
func measure(ctx context.Context, server *process.Server, conn *pgx.Conn, create []string) (f Figures, err error) {
	watch, err := watchState(ctx, server)
	if err != nil {
		return f, err
	}
	defer watch.stop()
	before, err := server.Usage()
	if err != nil {
		return f, err
	}
	began := time.Now()
	for _, sql := range append(create, "FLUSH") {
		if err := execute(ctx, conn, sql); err != nil {
			return f, err
		}
	}
	f.Seconds = time.Since(began).Seconds()
	after, err := server.Usage()
	if err != nil {
		return f, err
	}
	sinks, err := readSinks(ctx, conn)
	if err != nil {
		return f, err
	}
	f.Rows, f.Checksum, f.StateBytes = sinks.rows, sinks.checksum, max(watch.stop(), sinks.stateBytes)
	if before != nil && after != nil {
		cpu := after.CPU - before.CPU
		f.CPUSeconds, f.PeakRSSBytes = &cpu, &after.PeakRSS
	}
	return f, nil
}

// sinks are what streamdb.sinks says of all sinks, and rows and checksum of the first.
type sinks struct {
	rows, stateBytes int64
	checksum         *string
}

func readSinks(ctx context.Context, conn *pgx.Conn) (s sinks, err error) {
	var failure *string
	row := conn.QueryRow(ctx, `SELECT rows, (SELECT sum(state_bytes)::bigint FROM streamdb.sinks WHERE schema = $2), checksum,
  coalesce(error, (SELECT max(error) FROM streamdb.sinks WHERE schema = $2)) FROM streamdb.sinks WHERE name = $1 AND schema = $2`, sinkName(0), schema)
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
