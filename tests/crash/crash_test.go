package crash

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// rounds is how often the server is killed.
const rounds = 4

// build makes the server's binary once for the test.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "streamdb")
	out, err := exec.Command("go", "build", "-o", binary, "github.com/streamdb/streamdb/cmd/streamdb").CombinedOutput()
	require.NoError(t, err, string(out))
	return binary
}

// server is a running server process.
type server struct {
	cmd     *exec.Cmd
	address string
}

func start(t *testing.T, binary, data string) *server {
	t.Helper()
	address := freeAddress(t)
	cmd := exec.Command(binary, "start", "--data", data, "--listen", address, "--http", freeAddress(t))
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	s := &server{cmd, address}
	t.Cleanup(func() { s.kill() })
	return s
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

func (s *server) kill() {
	_ = s.cmd.Process.Signal(syscall.SIGKILL) // it may be gone already
	_, _ = s.cmd.Process.Wait()
}

func (s *server) connect(t *testing.T) *pgx.Conn {
	t.Helper()
	host, port, err := net.SplitHostPort(s.address)
	require.NoError(t, err)
	var conn *pgx.Conn
	require.Eventually(t, func() bool {
		conn, err = pgx.Connect(context.Background(), fmt.Sprintf("host=%s port=%s user=streamdb dbname=streamdb", host, port))
		return err == nil
	}, 30*time.Second, 20*time.Millisecond)
	return conn
}

const setup = `
CREATE TABLE account (id BIGINT PRIMARY KEY, balance BIGINT NOT NULL);
CREATE STREAM transfer (id BIGINT, from_id BIGINT, to_id BIGINT, amount BIGINT);
CREATE VIEW total AS SELECT count(*) AS n, sum(balance) AS balance FROM account;
CREATE VIEW flows AS SELECT from_id, count(*) AS n, sum(amount) AS amount, max(amount) AS largest FROM transfer GROUP BY from_id;
CREATE VIEW joined AS SELECT a.id, a.balance, f.n FROM account a LEFT JOIN flows f ON f.from_id = a.id;
CREATE VIEW batched WITH (execution = 'microbatch', batch_interval = '50 ms')
  AS SELECT to_id, count(*) AS n, sum(amount) AS amount FROM transfer GROUP BY to_id;
CREATE VIEW mixed WITH (execution = 'microbatch', batch_interval = '30 ms', parallelism = 3)
  AS SELECT j.id, j.balance, b.n FROM joined j LEFT JOIN batched b ON b.to_id = j.id;
INSERT INTO account SELECT i, 1000 FROM generate_series(1, 50) AS i;`

// TestKillUnderLoad transfers money between accounts from several clients, kills the server, and checks after each restart.
func TestKillUnderLoad(t *testing.T) {
	binary, data := build(t), t.TempDir()
	s := start(t, binary, data)
	conn := s.connect(t)
	_, err := conn.Exec(context.Background(), setup, pgx.QueryExecModeSimpleProtocol)
	require.NoError(t, err)
	require.NoError(t, conn.Close(context.Background()))
	acked := &ledger{sent: map[int64]bool{}, acked: map[int64]bool{}}
	for round := range rounds {
		load(t, s, acked, round)
		s = start(t, binary, data)
		verify(t, s, acked)
	}
}

// ledger is what clients have sent and what the server has acknowledged.
type ledger struct {
	mu          sync.Mutex
	next        int64
	sent, acked map[int64]bool
}

func (l *ledger) begin() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	l.sent[l.next] = true
	return l.next
}

func (l *ledger) done(id int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acked[id] = true
}

// load runs clients until the server, killed at a random moment, has gone.
func load(t *testing.T, s *server, l *ledger, round int) {
	var wg sync.WaitGroup
	for c := range 4 {
		conn := s.connect(t)
		rng := rand.New(rand.NewPCG(uint64(round), uint64(c)))
		wg.Go(func() {
			for transfer(conn, l, rng) == nil {
			}
			_ = conn.Close(context.Background())
		})
	}
	wg.Go(func() { alter(s.connect(t), uint64(round)) })
	time.Sleep(700*time.Millisecond + time.Duration(rand.IntN(1200))*time.Millisecond)
	s.kill()
	wg.Wait()
}

// views are those of setup; they change from one model to the other under the load.
var views = []string{"total", "flows", "joined", "batched", "mixed"}

// alter changes how views are executed until the server has gone.
func alter(conn *pgx.Conn, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 99))
	for {
		model := []string{"pipelined", "microbatch"}[rng.IntN(2)]
		_, err := conn.Exec(context.Background(), fmt.Sprintf("ALTER VIEW %s SET (execution = '%s', parallelism = %d)", views[rng.IntN(len(views))], model, 1+rng.IntN(4)))
		if err != nil {
			_ = conn.Close(context.Background())
			return
		}
		time.Sleep(time.Duration(rng.IntN(200)) * time.Millisecond)
	}
}

// transfer moves money in one transaction and notes whether it was acknowledged.
func transfer(conn *pgx.Conn, l *ledger, rng *rand.Rand) error {
	ctx := context.Background()
	id, amount := l.begin(), 1+rng.Int64N(10)
	from, to := 1+rng.Int64N(50), 1+rng.Int64N(50)
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		sql  string
		args []any
	}{{"UPDATE account SET balance = balance - $1 WHERE id = $2", []any{amount, from}},
		{"UPDATE account SET balance = balance + $1 WHERE id = $2", []any{amount, to}},
		{"INSERT INTO transfer VALUES ($1, $2, $3, $4)", []any{id, from, to, amount}}} {
		if _, err := tx.Exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	l.done(id)
	return nil
}

// verify compares the server's rows with the ledger, and its views with their queries.
func verify(t *testing.T, s *server, l *ledger) {
	ctx := context.Background()
	conn := s.connect(t)
	defer conn.Close(ctx)
	seen := map[int64]int{}
	rows, err := conn.Query(ctx, "SELECT id FROM transfer")
	require.NoError(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	require.NoError(t, err)
	for _, id := range ids {
		seen[id]++
		require.Equal(t, 1, seen[id], "transfer %d is there twice", id)
		require.True(t, l.sent[id], "transfer %d was never sent", id)
	}
	for id := range l.acked {
		require.Equal(t, 1, seen[id], "transfer %d was acknowledged and is gone", id)
	}
	require.NotEmpty(t, l.acked)
	var n, balance int64
	require.NoError(t, conn.QueryRow(ctx, "SELECT n, balance::bigint FROM total").Scan(&n, &balance))
	require.Equal(t, int64(50), n)
	require.Equal(t, int64(50*1000), balance, "money was made or lost")
	for _, view := range views {
		rows, err := conn.Query(ctx, "CHECK VIEW "+view, pgx.QueryExecModeSimpleProtocol)
		require.NoError(t, err)
		diff, err := pgx.CollectRows(rows, pgx.RowToMap)
		require.NoError(t, err)
		require.Empty(t, diff, "view %s differs from its query", view)
	}
}
