package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// views are the queries of a mix.
func views(o options) (out []string, err error) {
	mix := o.mix
	if o.source == "nexmark" {
		mix = "bids"
	}
	for i := range o.views {
		switch mix {
		case "bids":
			out = append(out, fmt.Sprintf("SELECT auction, bidder FROM ev WHERE price = %d", i))
		case "groups":
			x := i % 100
			out = append(out, fmt.Sprintf("SELECT k %% %d AS g, count(*) AS n, sum(v) AS s FROM ev WHERE v >= %d GROUP BY k %% %d", 10+x%10, x, 10+x%10))
		case "filters":
			out = append(out, fmt.Sprintf("SELECT k, v, s FROM ev WHERE k = %d", i))
		case "equal":
			out = append(out, "SELECT k % 10 AS g, count(*) AS n, sum(v) AS s FROM ev GROUP BY k % 10")
		default:
			return nil, fmt.Errorf("no mix %q", mix)
		}
	}
	return out, nil
}

// measureViews makes views over one stream, and inserts.
func measureViews(ctx context.Context, s *server, o options) error {
	queries, err := views(o)
	if err != nil {
		return err
	}
	conn, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "SET share_equal_views = on"); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, stream(o)); err != nil {
		return err
	}
	before, err := s.usage()
	if err != nil {
		return err
	}
	if err := create(ctx, conn, queries, o.execution); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "FLUSH"); err != nil {
		return err
	}
	made, err := s.idle()
	if err != nil {
		return err
	}
	n := float64(o.views)
	figure("CPU a view made", "%.2f ms", 1000*(made.cpu-before.cpu)/n)
	figure("memory a view", "%.1f KiB", float64(made.rss-before.rss)/n/1024)
	figure("goroutines a view", "%.1f", float64(made.goroutines-before.goroutines)/n)
	if o.source == "nexmark" {
		return s.watch(o)
	}
	if err := aside(ctx, s, conn); err != nil {
		return err
	}
	if err := inserts(ctx, s, conn, o); err != nil {
		return err
	}
	return check(ctx, conn, queries)
}

// stream is the one that the views read.
func stream(o options) string {
	if o.source == "nexmark" {
		return fmt.Sprintf(`CREATE STREAM ev (auction bigint, bidder bigint, price bigint) WITH (connector = 'nexmark', "table" = 'bid', rate = '%d')`, o.rows)
	}
	return "CREATE STREAM ev (k bigint, v bigint, s text)"
}

// watch tells what the server uses while the connector makes rows.
func (s *server) watch(o options) error {
	end := s.profile(o.profile, 5)
	a, err := s.usage()
	if err != nil {
		return err
	}
	time.Sleep(idleTime)
	b, err := s.usage()
	if err != nil {
		return err
	}
	figure("CPU with rows", "%.1f %% (%d events a second)", 100*(b.cpu-a.cpu)/idleTime.Seconds(), o.rows)
	return end()
}

// create makes the views, and tells how the time of one depends on how many there are.
func create(ctx context.Context, conn *pgx.Conn, queries []string, execution string) error {
	var took []time.Duration
	for i, q := range queries {
		began := time.Now()
		if _, err := conn.Exec(ctx, fmt.Sprintf("CREATE VIEW v%d WITH (execution = '%s') AS %s", i, execution, q)); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	part := max(1, len(took)/10)
	first, last := slices.Clone(took[:part]), slices.Clone(took[len(took)-part:])
	figure("CREATE VIEW, first and last tenth", "%v, %v (medians)", median(first), median(last))
	return nil
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2].Round(time.Microsecond)
}

// idleTime is how long the server's rest is watched.
const idleTime = 5 * time.Second

// idle tells what the server uses while nothing comes, as of when it has come to rest.
func (s *server) idle() (usage, error) {
	time.Sleep(3 * time.Second) // snapshots of what was made
	a, err := s.usage()
	if err != nil {
		return a, err
	}
	time.Sleep(idleTime)
	b, err := s.usage()
	figure("CPU idle", "%.1f %%", 100*(b.cpu-a.cpu)/idleTime.Seconds())
	return b, err
}

// asideEpochs is how many epochs touch no view.
const asideEpochs = 500

// aside inserts into a stream that no view reads.
func aside(ctx context.Context, s *server, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, "CREATE STREAM aside (k bigint)"); err != nil {
		return err
	}
	a, err := s.usage()
	if err != nil {
		return err
	}
	for range asideEpochs {
		if _, err := conn.Exec(ctx, "INSERT INTO aside VALUES (1)"); err != nil {
			return err
		}
	}
	b, err := s.usage()
	figure("CPU an epoch that touches no view", "%.2f ms", 1000*(b.cpu-a.cpu)/asideEpochs)
	return err
}

// inserts inserts rows, a statement an epoch, each with a strict read of the last view behind it.
func inserts(ctx context.Context, s *server, conn *pgx.Conn, o options) error {
	a, err := s.usage()
	if err != nil {
		return err
	}
	end := s.profile(o.profile, 5)
	var took []time.Duration
	began := time.Now()
	for e := range o.epochs {
		began := time.Now()
		if _, err := conn.Exec(ctx, fmt.Sprintf("INSERT INTO ev SELECT (i * 7919) %% 1000, i %% 100, 's' || i FROM generate_series(%d, %d) i",
			e*o.rows, (e+1)*o.rows-1)); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, fmt.Sprintf("SELECT count(*) FROM v%d", o.views-1)); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	if _, err := conn.Exec(ctx, "FLUSH"); err != nil {
		return err
	}
	all := time.Since(began)
	b, err := s.usage()
	if err != nil {
		return err
	}
	cpu := b.cpu - a.cpu
	figure("CPU an epoch", "%.2f ms (%d rows)", 1000*cpu/float64(o.epochs), o.rows)
	figure("CPU a row and view", "%.3f µs", 1e6*cpu/float64(o.epochs*o.rows*o.views))
	figure("insert and strict read", "%v (median), all %v", median(took), all.Round(time.Millisecond))
	figure("memory after, growth a view", "%.1f KiB", float64(b.rss-a.rss)/float64(o.views)/1024)
	return end()
}

// checked is how many of the views are compared with their queries.
const checked = 20

// check compares views with their queries.
func check(ctx context.Context, conn *pgx.Conn, queries []string) error {
	for i := 0; i < len(queries); i += max(1, len(queries)/checked) {
		view, err := content(ctx, conn, fmt.Sprintf("SELECT * FROM v%d", i))
		if err != nil {
			return err
		}
		query, err := content(ctx, conn, queries[i])
		if err != nil {
			return err
		}
		if !slices.Equal(view, query) {
			return fmt.Errorf("view v%d is not what its query returns", i)
		}
	}
	figure("answers", "equal")
	return nil
}

func content(ctx context.Context, conn *pgx.Conn, query string) (out []string, err error) {
	rows, err := conn.Query(ctx, query, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var b strings.Builder
		for _, v := range rows.RawValues() {
			fmt.Fprintf(&b, "%q ", v)
		}
		out = append(out, b.String())
	}
	slices.Sort(out)
	return out, rows.Err()
}
