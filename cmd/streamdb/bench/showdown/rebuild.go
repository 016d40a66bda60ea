package showdown

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/streamdb/streamdb/executor/failpoint"
)

// Rebuild is what it took to make state again that was lost on an idle server, with all rows since the last snapshot to go back to.
type Rebuild struct {
	Execution string `json:"execution"`
	// Lost is how many of the stage's partitions were lost; all of them where a task of the pipelined model fails.
	Lost       int `json:"lost_partitions"`
	Partitions int `json:"partitions"`
	// Rows is how many rows had come since the snapshot, and Read how many were read again.
	Rows int64 `json:"rows_since_snapshot"`
	Read int64 `json:"rows_read_again"`
	// Millis is how long it took: of repetitions the median.
	Millis float64 `json:"ms"`
}

const (
	// rebuildRows is how many rows a rebuild has to go back over, in units of the size of runs without pace, and rebuildKeys in how many groups.
	rebuildRows, rebuildKeys = 2, 100_000
	// rebuildInserts is in how many statements they come.
	rebuildInserts = 20
	// keyGroups is in how many partitions a keyed stage is.
	keyGroups   = 16
	repetitions = 5
)

// rebuilds loses one partition, two, and all of them.
func (s *Showdown) rebuilds(ctx context.Context, r *Results, errs io.Writer) error {
	for _, m := range s.models() {
		list, err := s.rebuild(ctx, m)
		if err != nil {
			return fmt.Errorf("rebuild, %s: %w", m.execution, err)
		}
		for _, x := range list {
			r.Rebuilds = append(r.Rebuilds, x)
			fmt.Fprintf(errs, "rebuild, %s: %d of %d partitions, %d of %d rows read again in %.1f ms\n", x.Execution, x.Lost, x.Partitions, x.Read, x.Rows, x.Millis)
		}
	}
	return nil
}

// rebuild measures a model. Nothing is snapshotted, so that all rows are to be gone over.
func (s *Showdown) rebuild(ctx context.Context, m model) (out []Rebuild, err error) {
	t, err := launch(ctx, never)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.end()) }()
	if err := t.exec(ctx, fmt.Sprintf(`CREATE STREAM s (k BIGINT, n BIGINT);
CREATE VIEW %s WITH (%s) AS SELECT k, count(*) AS rows, sum(n) AS total FROM s GROUP BY k`, view, m.options())); err != nil {
		return nil, err
	}
	for i := range rebuildInserts {
		n := s.Events * rebuildRows / rebuildInserts
		if err := t.exec(ctx, fmt.Sprintf("INSERT INTO s SELECT x %% %d, x FROM generate_series(%d, %d) x", rebuildKeys, int64(i)*n, int64(i+1)*n-1)); err != nil {
			return nil, err
		}
	}
	if err := t.exec(ctx, "FLUSH"); err != nil {
		return nil, err
	}
	losses := []int{keyGroups}
	if m.execution == microbatch {
		losses = []int{1, 2, keyGroups}
	}
	for _, lost := range losses {
		x, err := t.lose(ctx, m, lost)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	_, err = t.check(ctx)
	return out, err
}

// lose has partitions lost and made again, some times.
func (t *trial) lose(ctx context.Context, m model, lost int) (x Rebuild, err error) {
	x = Rebuild{Execution: m.execution, Lost: lost, Partitions: keyGroups}
	var times []float64
	for range repetitions {
		if err := t.conn.QueryRow(ctx, "SELECT count(*) FROM s").Scan(&x.Rows); err != nil {
			return x, err
		}
		once := t.replayed
		if m.execution == microbatch {
			once = t.rebuilt
		}
		var took float64
		if x.Read, took, err = once(ctx, lost); err != nil {
			return x, err
		}
		times = append(times, took)
	}
	slices.Sort(times)
	x.Millis = times[len(times)/2]
	return x, nil
}

// touch has the view take one row more, and waits until it shows.
func (t *trial) touch(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	if err := t.exec(ctx, "INSERT INTO s VALUES (1, 1)"); err != nil {
		return 0, err
	}
	err := t.exec(ctx, "SELECT count(*) FROM "+view)
	return time.Since(began), err
}

// rebuilt loses partitions of the micro-batch driver, which tells what it did.
func (t *trial) rebuilt(ctx context.Context, lost int) (read int64, took float64, err error) {
	lineage := func() (partitions int, rows, micros int64, err error) {
		err = t.conn.QueryRow(ctx, `SELECT rebuilt_partitions::int, rebuilt_rows, (extract(epoch FROM rebuild_time) * 1000000)::bigint
  FROM streamdb.lineage WHERE view = $1`, view).Scan(&partitions, &rows, &micros)
		return partitions, rows, micros, err
	}
	partitions, rows, _, err := lineage()
	if err != nil {
		return 0, 0, err
	}
	if err := t.fail(ctx, url.Values{"place": {string(failpoint.Lose)}, "count": {strconv.Itoa(lost)}, "times": {"1"}}); err != nil {
		return 0, 0, err
	}
	if _, err := t.touch(ctx); err != nil {
		return 0, 0, err
	}
	after, reread, micros, err := lineage()
	if err == nil && after-partitions != lost {
		err = fmt.Errorf("%d partitions were rebuilt of %d that were lost", after-partitions, lost)
	}
	return reread - rows, float64(micros) / 1000, err
}

// replayed has a task of the pipelined driver fail: the job goes back to its snapshot. The time is from a write to its being visible, less
// that of one without a failure; the rows are those that the stage behind the exchange has been given since.
func (t *trial) replayed(ctx context.Context, _ int) (read int64, took float64, err error) {
	usual, err := t.touch(ctx)
	if err != nil {
		return 0, 0, err
	}
	if err := t.fail(ctx, url.Values{"place": {string(failpoint.Barrier)}, "panic": {"true"}, "times": {"1"}}); err != nil {
		return 0, 0, err
	}
	slow, err := t.touch(ctx)
	if err != nil {
		return 0, 0, err
	}
	err = t.conn.QueryRow(ctx, "SELECT coalesce(max(n), 0)::bigint FROM (SELECT sum(rows_in) AS n FROM streamdb.operators WHERE view = $1 GROUP BY node) x", view).Scan(&read)
	return read, millis(slow - usual), err
}
