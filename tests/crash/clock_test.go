package crash

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// clockSetup has views whose rows come and go as time passes, in both models, and what reads them.
const clockSetup = `
CREATE TABLE task (id BIGINT PRIMARY KEY, due TIMESTAMPTZ, v BIGINT);
CREATE STREAM event (id BIGINT, k BIGINT);
CREATE VIEW open_p AS SELECT id, v FROM task WHERE due > now();
CREATE VIEW open_b WITH (execution = 'microbatch', batch_interval = '30 ms') AS SELECT id, v FROM task WHERE due > now();
CREATE VIEW fresh_p WITH (ttl = '300 ms') AS SELECT id, v FROM task;
CREATE VIEW fresh_b WITH (ttl = '300 ms', execution = 'microbatch', batch_interval = '40 ms', parallelism = 3) AS SELECT id, v FROM task;
CREATE VIEW groups WITH (execution = 'microbatch', batch_interval = '50 ms') AS SELECT v, count(*) AS n FROM task GROUP BY v;
CREATE VIEW grouped_p WITH (ttl = '200 ms') AS SELECT v, n FROM groups;
CREATE VIEW grouped_b WITH (ttl = '200 ms', execution = 'microbatch', batch_interval = '20 ms') AS SELECT v, n FROM groups;
CREATE VIEW above AS SELECT count(*) AS n FROM fresh_b;
CREATE VIEW came_p AS SELECT id, proctime() AS p FROM event;
CREATE VIEW came_b WITH (execution = 'microbatch', batch_interval = '30 ms') AS SELECT id, proctime() AS p FROM event;
CREATE VIEW windows_p AS ` + clockWindows + `;
CREATE VIEW windows_b WITH (execution = 'microbatch', batch_interval = '30 ms') AS ` + clockWindows + `;
CREATE VIEW closed_p AS ` + clockWindows + ` EMIT ON WINDOW CLOSE;
CREATE VIEW closed_b WITH (execution = 'microbatch', batch_interval = '30 ms') AS ` + clockWindows + ` EMIT ON WINDOW CLOSE;`

const clockWindows = `SELECT k, window_start AS s, count(*) AS n, sum(id) AS ids FROM TUMBLE((SELECT *, proctime() AS p FROM event), p, INTERVAL '100 ms') GROUP BY k, window_start, window_end`

// TestKillClockedViews kills the server while rows expire and windows close by the clock. What time it was is recorded, so after each restart
// both models agree as of any epoch, each row is in the window of the time at which it came, and all that is due goes.
func TestKillClockedViews(t *testing.T) {
	binary, data := build(t), t.TempDir()
	s := start(t, binary, data)
	run(t, s, clockSetup)
	run(t, s, "INSERT INTO event VALUES (0, 0)")
	for round := range uint64(3) {
		var wg sync.WaitGroup
		for c := range uint64(3) {
			conn, rng := s.connect(t), rand.New(rand.NewPCG(round, c))
			wg.Go(func() { writeClocked(conn, rng) })
		}
		time.Sleep(400*time.Millisecond + time.Duration(rand.IntN(600))*time.Millisecond)
		s.kill()
		wg.Wait()
		s = start(t, binary, data)
		checkClocked(t, s)
	}
}

// writeClocked writes rows that are soon over, until the server has gone.
func writeClocked(conn *pgx.Conn, rng *rand.Rand) {
	for {
		var sql string
		switch id := rng.IntN(100); rng.IntN(5) {
		case 0:
			sql = fmt.Sprintf("DELETE FROM task WHERE id = %d", id)
		case 1, 2:
			sql = fmt.Sprintf("INSERT INTO event VALUES (%d, %d), (%d, %d)", id, rng.IntN(4), id+1, rng.IntN(4))
		default:
			sql = fmt.Sprintf(`INSERT INTO task VALUES (%d, now() + %d * INTERVAL '1 millisecond', %d)
				ON CONFLICT (id) DO UPDATE SET due = excluded.due, v = excluded.v`, id, rng.IntN(400), rng.IntN(5))
		}
		if _, err := conn.Exec(context.Background(), sql); err != nil {
			return
		}
	}
}

// checkClocked compares the models with one another, and with queries of what the log has, and waits for what is due.
func checkClocked(t *testing.T, s *server) {
	t.Helper()
	conn := s.connect(t)
	count := func(sql string) (n int64) {
		require.NoError(t, conn.QueryRow(context.Background(), sql).Scan(&n), sql)
		return n
	}
	differ := func(a, b string) int64 {
		return count(fmt.Sprintf("SELECT count(*) FROM ((SELECT * FROM %[1]s a EXCEPT ALL SELECT * FROM %[2]s b) UNION ALL (SELECT * FROM %[2]s b EXCEPT ALL SELECT * FROM %[1]s a)) d", a, b))
	}
	for _, v := range []string{"open", "fresh", "grouped"} {
		require.Zero(t, differ(v+"_p", v+"_b"), v)
	}
	require.NotZero(t, count("SELECT count(*) FROM came_p"))
	for _, model := range []string{"_p", "_b"} {
		require.Zero(t, differ("came"+model, "(SELECT id, proctime() FROM event)"))
		require.Zero(t, differ("windows"+model, "("+clockWindows+")"))
		require.Eventually(t, func() bool { return differ("closed"+model, "("+clockWindows+")") == 0 }, 30*time.Second, 20*time.Millisecond)
		for _, v := range []string{"open", "fresh", "grouped"} {
			require.Eventually(t, func() bool { return count("SELECT count(*) FROM "+v+model) == 0 }, 30*time.Second, 20*time.Millisecond, v+model)
		}
	}
	require.Eventually(t, func() bool { return count("SELECT n FROM above") == 0 }, 30*time.Second, 20*time.Millisecond)
	require.Zero(t, count("SELECT sum(late_rows)::bigint FROM streamdb.views"))
	require.NoError(t, conn.Close(context.Background()))
}
