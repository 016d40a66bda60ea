package consistency_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/cmd/streamdb/serve"
)

var transfers = flag.Int("transfers", 200_000, "how many transfers flow")

const (
	writers = 3
	readers = 3
	// switches is how often a chain's model is changed while the transfers flow.
	switches = 24
)

// TestTotalIsZero has transfers flow from several connections while others read the views, some follow them, and one switches their
// models. No answer and no epoch of a subscription has a total that is not zero; every read has what was acknowledged before; in the end each
// account has what it must have, and by windows every transfer counts or is late.
func TestTotalIsZero(t *testing.T) {
	s := start(t)
	l := &ledger{left: *transfers}
	main := s.connect(t)
	run(t, main, "CREATE STREAM transfer (from_id int, to_id int, amount bigint, at timestamp, WATERMARK FOR at AS at - INTERVAL '5 seconds')")
	copyIn(t, main, l.opening())
	for _, c := range chains {
		run(t, main, c.create())
	}
	var following sync.WaitGroup
	var subscribers []*subscriber
	ctx, stop := context.WithCancel(t.Context())
	for _, c := range chains {
		for _, sub := range []*subscriber{newSubscriber(c.view("balance"), false), newSubscriber(c.view("total"), true)} {
			conn := s.connect(t)
			following.Go(func() { sub.follow(ctx, conn) })
			subscribers = append(subscribers, sub)
		}
	}
	defer following.Wait()
	defer stop()

	flow(t, s, l)

	// A transfer long after all others closes all windows but its own.
	copyIn(t, main, []byte(transfer(0, 0, 1, began.Add(time.Duration(*transfers)*time.Millisecond+time.Hour))))
	run(t, main, "FLUSH")
	all := int64(2 * (l.drawn + 1))
	moves := map[string]int64{"windowed": all - 2*late(t, main, "credits_windowed"), "closing": all - 2 - 2*late(t, main, "credits_closing")}
	require.Equal(t, late(t, main, "credits_windowed"), late(t, main, "debits_windowed"))
	require.Equal(t, late(t, main, "credits_closing"), late(t, main, "debits_closing"))
	require.True(t, *transfers < 100_000 || late(t, main, "credits_windowed") > 0, "no transfer was late")
	for i, sub := range subscribers {
		c := chains[i/2]
		want := all
		if c.windows {
			want = moves[c.name]
		} else {
			require.Equal(t, sorted(l.balances()), sorted(rows(t, main, "SELECT account, balance FROM "+c.view("balance"))), c.name)
		}
		require.Equal(t, []string{fmt.Sprint(want)}, rows(t, main, "SELECT sum(moves) FROM "+c.view("total")), c.name)
		require.NoError(t, sub.await(want))
		t.Logf("%s: %d epochs followed, %d changes", sub.view, sub.epochs, sub.changes)
	}
}

// flow has all transfers written, while views are read and switched.
func flow(t *testing.T, s *server, l *ledger) {
	ctx, stop := context.WithCancel(t.Context())
	var reading, writing sync.WaitGroup
	for i := range readers {
		conn, rng := s.connect(t), rand.New(rand.NewPCG(1, uint64(i)))
		reading.Go(func() { read(ctx, t, conn, l, rng) })
	}
	turn := make(chan struct{}, switches)
	conn := s.connect(t)
	reading.Go(func() { switchModels(t, conn, turn) })
	for i := range writers {
		conn, rng := s.connect(t), rand.New(rand.NewPCG(2, uint64(i)))
		writing.Go(func() { write(t, conn, l, rng, turn) })
	}
	writing.Wait()
	close(turn)
	stop()
	reading.Wait()
}

// write writes transfers until there are no more, and gives the word for a switch now and then.
func write(t *testing.T, c *pgconn.PgConn, l *ledger, rng *rand.Rand, turn chan<- struct{}) {
	every := max(1, *transfers/switches)
	for {
		rows, n := l.draw(rng)
		if n == 0 {
			return
		}
		if _, err := c.CopyFrom(context.Background(), bytes.NewReader(rows), "COPY transfer FROM STDIN"); err != nil {
			t.Errorf("COPY: %v", err)
			return
		}
		before := l.known()
		l.ack(n)
		if before/every != (before+n)/every {
			select {
			case turn <- struct{}{}:
			default: // the switches are behind; there will be enough
			}
		}
	}
}

// switchModels changes the model and the parallelism of one view of each chain that is to be switched, each time another.
func switchModels(t *testing.T, c *pgconn.PgConn, turn <-chan struct{}) {
	models := [...]string{short + ", parallelism = 3", pipelined + ", parallelism = 2", long + ", parallelism = 1", pipelined + ", parallelism = 1"}
	for i := 0; ; i++ {
		if _, ok := <-turn; !ok {
			return
		}
		for _, chain := range chains {
			if !chain.switched() {
				continue
			}
			sql := fmt.Sprintf("ALTER VIEW %s SET (%s)", chain.view(steps[i%len(steps)]), models[(i/len(steps)+i)%len(models)])
			if _, err := c.Exec(context.Background(), sql).ReadAll(); err != nil {
				t.Errorf("%s: %v", sql, err)
			}
		}
	}
}

// read asks the questions, in random order, until it is told to stop, and each at least once.
func read(ctx context.Context, t *testing.T, c *pgconn.PgConn, l *ledger, rng *rand.Rand) {
	questions := slices.Clone(acrossChains)
	for _, chain := range chains {
		questions = append(questions, chain.questions()...)
	}
	answers := 0
	for ctx.Err() == nil || answers < len(questions) {
		if answers%len(questions) == 0 {
			rng.Shuffle(len(questions), func(i, j int) { questions[i], questions[j] = questions[j], questions[i] })
		}
		if err := ask(c, questions[answers%len(questions)]); err != nil {
			t.Error(err)
			return
		}
		known := l.known()
		if err := ask(c, fmt.Sprintf("SELECT 'a read after %[1]d were acknowledged', moves FROM %[2]s WHERE moves < 2 * %[1]d", known, chains[rng.IntN(3)].view("total"))); err != nil {
			t.Error(err)
			return
		}
		answers++
	}
	t.Logf("%d questions answered", 2*answers)
}

// ask runs a query that must have no rows.
func ask(c *pgconn.PgConn, sql string) error {
	results, err := c.Exec(context.Background(), sql).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	for _, r := range results {
		if len(r.Rows) > 0 {
			return fmt.Errorf("%s: %q", sql, r.Rows)
		}
	}
	return nil
}

// server is a server in this process.
type server struct{ address string }

func start(t *testing.T) *server {
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	data := t.TempDir() // here, so that it is removed after the server has stopped
	go func() {
		ended <- serve.Run(ctx, serve.Config{Data: data, Listen: "127.0.0.1:0", HTTP: "127.0.0.1:0", Tasks: 2, Log: slog.New(slog.DiscardHandler),
			Ready: func(pg, _ net.Addr) { ready <- pg.String() }})
	}()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	select {
	case address := <-ready:
		return &server{address}
	case err := <-ended:
		ended <- err
		require.NoError(t, err)
		panic("unreachable: a server ended before it listened")
	}
}

func (s *server) connect(t *testing.T) *pgconn.PgConn {
	t.Helper()
	host, port, err := net.SplitHostPort(s.address)
	require.NoError(t, err)
	c, err := pgconn.Connect(t.Context(), fmt.Sprintf("host=%s port=%s user=streamdb dbname=streamdb", host, port))
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

func run(t *testing.T, c *pgconn.PgConn, sql string) {
	t.Helper()
	_, err := c.Exec(t.Context(), sql).ReadAll()
	require.NoError(t, err, sql)
}

func copyIn(t *testing.T, c *pgconn.PgConn, rows []byte) {
	t.Helper()
	_, err := c.CopyFrom(t.Context(), bytes.NewReader(rows), "COPY transfer FROM STDIN")
	require.NoError(t, err)
}

// rows is a query's answer, a line a row.
func rows(t *testing.T, c *pgconn.PgConn, sql string) []string {
	t.Helper()
	var out bytes.Buffer
	_, err := c.CopyTo(t.Context(), &out, "COPY ("+sql+") TO STDOUT")
	require.NoError(t, err, sql)
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func sorted(lines []string) []string {
	slices.Sort(lines)
	return lines
}

// late is how many rows were late for a view.
func late(t *testing.T, c *pgconn.PgConn, view string) (n int64) {
	t.Helper()
	_, err := fmt.Sscan(rows(t, c, "SELECT late_rows FROM streamdb.views WHERE name = '"+view+"'")[0], &n)
	require.NoError(t, err)
	return n
}
