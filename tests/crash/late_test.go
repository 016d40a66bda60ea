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

// lateSetup has views over windows in both models, one over them, and windows over a join in time, whose state both free.
const lateSetup = `
CREATE STREAM bid (auction BIGINT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '1 second');
CREATE STREAM ask (auction BIGINT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '1 second');
CREATE VIEW piped AS SELECT window_start AS w, count(*) AS n, sum(auction) AS s FROM TUMBLE(bid, at, INTERVAL '10 seconds') GROUP BY window_start, window_end;
CREATE VIEW batched WITH (execution = 'microbatch', batch_interval = '30 ms', parallelism = 3)
  AS SELECT window_start AS w, count(*) AS n, sum(auction) AS s FROM HOP(bid, at, INTERVAL '5 seconds', INTERVAL '10 seconds') GROUP BY window_start, window_end;
CREATE VIEW sums WITH (execution = 'microbatch', batch_interval = '20 ms') AS SELECT sum(n) AS n, sum(s) AS s FROM batched;
CREATE VIEW met AS SELECT b.auction, b.at, a.at AS asked FROM bid b JOIN ask a ON a.auction = b.auction AND a.at BETWEEN b.at AND b.at + INTERVAL '2 seconds';
CREATE VIEW met_windows WITH (execution = 'microbatch', batch_interval = '20 ms')
  AS SELECT window_start AS w, count(*) AS n FROM TUMBLE(met, at, INTERVAL '10 seconds') GROUP BY window_start, window_end`

// lateViews are their queries over all rows, and replayed those that are told to count late ones.
var (
	lateViews = map[string]string{
		"piped":       `SELECT window_start AS w, count(*) AS n, sum(auction) AS s FROM TUMBLE(bid, at, INTERVAL '10 seconds') GROUP BY window_start, window_end`,
		"batched":     `SELECT window_start AS w, count(*) AS n, sum(auction) AS s FROM HOP(bid, at, INTERVAL '5 seconds', INTERVAL '10 seconds') GROUP BY window_start, window_end`,
		"sums":        `SELECT 2 * count(*) AS n, 2 * sum(auction) AS s FROM bid`,
		"met_windows": `SELECT window_start AS w, count(*) AS n FROM TUMBLE((SELECT b.at FROM bid b JOIN ask a ON a.auction = b.auction AND a.at BETWEEN b.at AND b.at + INTERVAL '2 seconds'), at, INTERVAL '10 seconds') GROUP BY window_start, window_end`,
	}
	replayed = []string{"piped", "batched", "met"}
)

// TestKillReplayingLate kills the server while late rows come and are replayed, and right after they have been: what was acknowledged stays.
func TestKillReplayingLate(t *testing.T) {
	binary, data := build(t), t.TempDir()
	s := start(t, binary, data)
	run(t, s, lateSetup)
	for round := range uint64(2) {
		var wg sync.WaitGroup
		for c := range uint64(3) {
			conn, rng := s.connect(t), rand.New(rand.NewPCG(round, c))
			wg.Go(func() { writeLate(conn, rng) })
		}
		conn := s.connect(t)
		wg.Go(func() {
			for i := 0; !conn.IsClosed(); i++ {
				_, _ = conn.Exec(context.Background(), "ALTER VIEW "+replayed[i%len(replayed)]+" REPLAY LATE")
			}
		})
		time.Sleep(500*time.Millisecond + time.Duration(rand.IntN(500))*time.Millisecond)
		s.kill()
		wg.Wait()
		s = start(t, binary, data)
		for _, v := range replayed {
			run(t, s, "ALTER VIEW "+v+" REPLAY LATE")
		}
		checkLate(t, s)
		s.kill()
		s = start(t, binary, data)
		checkLate(t, s)
	}
}

// writeLate writes rows of the last minute in any order, until the server has gone.
func writeLate(conn *pgx.Conn, rng *rand.Rand) {
	for {
		stream := []string{"bid", "ask"}[rng.IntN(2)]
		_, err := conn.Exec(context.Background(), fmt.Sprintf("INSERT INTO %s VALUES (%d, '2026-01-01 00:00:00'::timestamp + %d * INTERVAL '10 milliseconds')",
			stream, rng.IntN(20), rng.IntN(6000)))
		if err != nil {
			return
		}
	}
}

func run(t *testing.T, s *server, sql string) {
	t.Helper()
	conn := s.connect(t)
	_, err := conn.Exec(context.Background(), sql, pgx.QueryExecModeSimpleProtocol)
	require.NoError(t, err)
	require.NoError(t, conn.Close(context.Background()))
}

// checkLate compares each view with its query over all rows.
func checkLate(t *testing.T, s *server) {
	t.Helper()
	conn := s.connect(t)
	for view, query := range lateViews {
		var n, differ int64
		require.NoError(t, conn.QueryRow(context.Background(), "SELECT count(*) FROM "+view).Scan(&n))
		require.NotZero(t, n, view)
		require.NoError(t, conn.QueryRow(context.Background(), fmt.Sprintf(`SELECT count(*) FROM ((SELECT * FROM %[1]s EXCEPT ALL %[2]s)
			UNION ALL (%[2]s EXCEPT ALL SELECT * FROM %[1]s)) d`, view, query)).Scan(&differ))
		require.Zero(t, differ, view)
	}
	require.NoError(t, conn.Close(context.Background()))
}
