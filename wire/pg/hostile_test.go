package pg

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/jackc/pgx/v5/pgconn"
)

// startupBytes is a start-up packet of protocol 3.0.
func startupBytes(user string) []byte {
	body := append([]byte{0, 3, 0, 0}, "user\x00"+user+"\x00\x00"...)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+4)), body...)
}

// frame is a message.
func frame(typ byte, body string) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{typ}, uint32(len(body)+4)), body...)
}

// serveBytes lets a server that is not listening read data from a connection that then ends, and gives its answer.
func serveBytes(s *Server, data []byte) []byte {
	client, server := net.Pipe()
	answer, ended := make(chan []byte), make(chan struct{})
	go func() {
		b, _ := io.ReadAll(client) // ends with the connection
		answer <- b
	}()
	go func() {
		_, _ = client.Write(data) // the server may have had enough earlier
		linger := time.Millisecond
		if bytes.HasSuffix(data, frame('X', "")) {
			linger = 10 * time.Second // the server ends it, once it has answered all
		}
		select {
		case <-ended:
		case <-time.After(linger):
		}
		_ = client.Close()
	}()
	s.mu.Lock()
	s.pending++
	s.mu.Unlock()
	c := newConn(s, server)
	c.serve()
	s.loggedIn(c)
	close(ended)
	return <-answer
}

// newHostileServer is a server for clients that mean no good, with small limits.
func newHostileServer(t testing.TB) *Server {
	e := newFakeEngine()
	e.bounded = true
	s := NewServer(e, Config{Parse: fakeParse, Limits: Limits{MaxMessage: 64 << 10, LoginTimeout: time.Second, WriteTimeout: time.Second}})
	t.Cleanup(func() {
		require.NoError(t, s.Shutdown(context.Background()))
		require.Zero(t, e.open())
	})
	return s
}

func FuzzConn(f *testing.F) {
	in := func(b ...[]byte) []byte {
		var all []byte
		for _, p := range b {
			all = append(all, p...)
		}
		return all
	}
	f.Add(false, startupBytes("streamdb"))
	f.Add(false, []byte{0, 0, 0, 8, 4, 210, 22, 47})
	f.Add(false, in([]byte{0, 0, 0, 8, 4, 210, 22, 47}, startupBytes("streamdb")))
	f.Add(false, []byte{0, 0, 0, 16, 4, 210, 22, 46, 0, 0, 0, 1, 1, 2, 3, 4})
	f.Add(false, startupBytes("secret"))
	f.Add(false, in(startupBytes("secret"), frame('p', "SCRAM-SHA-256\x00\x00\x00\x00\x05n,,n=")))
	f.Add(false, in(startupBytes("secret"), frame('p', "x\x00")))
	f.Add(true, in(frame('Q', "SELECT 1\x00")))
	for _, typ := range []byte("QFfBpPDECHSXdc") {
		f.Add(true, frame(typ, ""))
		f.Add(true, []byte{typ, 0, 0, 0, 0})
		f.Add(true, []byte{typ, 0x7f, 0xff, 0xff, 0xff})
		f.Add(true, []byte{typ, 0, 0, 0xff, 0xff, 1})
	}
	f.Add(true, in(frame('P', "\x00SELECT $1::int4 AS v\x00\x00\x00"), frame('B', "\x00\x00\x00\x00\x00\x01\x00\x00\x00\x011\x00\x00"),
		frame('D', "P\x00"), frame('E', "\x00\x00\x00\x00\x00"), frame('S', "")))
	f.Add(true, frame('B', "\x00\x00\x00\x00\x00\x01\xff\xff\xff\xfe\x00\x00"))
	f.Add(true, in(frame('Q', "COPY t FROM STDIN\x00"), frame('d', "1\n2\n"), frame('c', ""), frame('d', "stray"), frame('f', "x\x00")))
	f.Add(true, in(frame('Q', "SELECT g FROM generate_series(1, 3000) g; SELECT 1/0\x00")))
	s := newHostileServer(f)
	var faults bytes.Buffer
	s.log = slog.New(slog.NewTextHandler(&faults, &slog.HandlerOptions{Level: slog.LevelError}))
	f.Fuzz(func(t *testing.T, loggedIn bool, data []byte) {
		if loggedIn {
			data = append(startupBytes("streamdb"), data...)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		hung := time.AfterFunc(10*time.Second, func() { panic(fmt.Sprintf("the connection does not end: %q", data)) })
		serveBytes(s, data)
		hung.Stop()
		runtime.ReadMemStats(&after)
		if s.metrics.Panics.Swap(0) > 0 {
			t.Fatalf("a fault of ours: %s", faults.String())
		}
		// A message's bytes are held a few times over on their way; nothing grows by what a header claims.
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20+64*len(data)))
	})
}

// TestClaims shows that memory follows the bytes that come, not those that a header announces.
func TestClaims(t *testing.T) {
	s := NewServer(newFakeEngine(), Config{Parse: fakeParse, Limits: Limits{MaxMessage: 512 << 20}})
	defer func() { require.NoError(t, s.Shutdown(context.Background())) }()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	serveBytes(s, append(startupBytes("streamdb"), 'Q', 0x1f, 0xff, 0xff, 0xff, 'S', 'E', 'L'))
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
}

func TestTooLargeMessage(t *testing.T) {
	_, addr := startServer(t, newFakeEngine(), Config{Limits: Limits{MaxMessage: 1 << 20}})
	c := connect(t, addr, "").PgConn()
	_, err := c.Exec(context.Background(), "SELECT '"+strings.Repeat("x", 17<<20)+"'").ReadAll()
	var pgErr *pgconn.PgError
	require.ErrorAs(t, err, &pgErr)
	require.Equal(t, "54000", pgErr.Code)
	require.Contains(t, pgErr.Hint, "max_message_size")
	long := strings.Repeat("x", 900<<10) // wider than the window
	res, err := c.Exec(context.Background(), "SELECT '"+long+"'").ReadAll()
	require.NoError(t, err)
	require.Equal(t, long, string(res[0].Rows[0][0]))
}

// TestTooLargeCopyData shows that such a message fails its COPY, and nothing else.
func TestTooLargeCopyData(t *testing.T) {
	s := newHostileServer(t)
	answer := string(serveBytes(s, slices.Concat(startupBytes("streamdb"), frame('Q', "COPY t FROM STDIN\x00"),
		frame('d', strings.Repeat("1\n", 40<<10)), frame('d', "1\n"), frame('c', ""), frame('Q', "SELECT 'alive'\x00"), frame('X', ""))))
	require.Contains(t, answer, "C54000")
	require.Contains(t, answer, "alive")
}

// TestSlowLoris holds a thousand sockets that send their start-up a byte at a time.
func TestSlowLoris(t *testing.T) {
	const sockets = 1000
	s, addr := startServer(t, newFakeEngine(), Config{Limits: Limits{LoginTimeout: time.Second}})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var conns []net.Conn
	packet := startupBytes("streamdb")
	for range sockets {
		c, err := net.Dial("tcp", addr)
		require.NoError(t, err)
		defer c.Close()
		conns = append(conns, c)
	}
	for i := range 3 {
		for _, c := range conns {
			_, err := c.Write(packet[i : i+1])
			require.NoError(t, err)
		}
	}
	require.Eventually(t, func() bool { return s.metrics.Connections.Load() == sockets }, time.Second, time.Millisecond)
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, after.HeapInuse+after.StackInuse-before.HeapInuse-before.StackInuse, uint64(64<<20))

	began := time.Now()
	connect(t, addr, "")
	require.Less(t, time.Since(began), time.Second)
	require.Eventually(t, func() bool { return s.metrics.Connections.Load() == 1 }, 5*time.Second, 10*time.Millisecond,
		"connections that do not log in must be ended")
}

func TestTooManyPending(t *testing.T) {
	_, addr := startServer(t, newFakeEngine(), Config{Limits: Limits{MaxPending: 2}})
	connect(t, addr, "") // logged in: not pending
	for range 2 {
		c, err := net.Dial("tcp", addr)
		require.NoError(t, err)
		defer c.Close()
	}
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", addr)
		require.NoError(t, err)
		defer c.Close()
		require.NoError(t, c.SetReadDeadline(time.Now().Add(100*time.Millisecond)))
		_, err = c.Read(make([]byte, 1))
		return err == io.EOF
	}, 2*time.Second, time.Millisecond)
}

// TestPanic shows that a fault ends one session and no other.
func TestPanic(t *testing.T) {
	s, addr := startServer(t, newFakeEngine(), Config{})
	victim, other := connect(t, addr, ""), connect(t, addr, "")
	_, err := victim.Exec(context.Background(), "PANIC")
	var pgErr *pgconn.PgError
	require.ErrorAs(t, err, &pgErr)
	require.Equal(t, "XX000", pgErr.Code)
	require.Equal(t, "FATAL", pgErr.Severity)
	require.EqualValues(t, 1, s.metrics.Panics.Swap(0))
	_, err = other.Exec(context.Background(), "SELECT 1")
	require.NoError(t, err)
}

// TestSlowReader shows that a client that takes nothing does not hold its session for ever.
func TestSlowReader(t *testing.T) {
	e := newFakeEngine()
	s, addr := startServer(t, e, Config{Limits: Limits{WriteTimeout: 100 * time.Millisecond}})
	c, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Write(append(startupBytes("streamdb"), frame('Q', "SELECT g FROM generate_series(1, 1000000000) g\x00")...))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return s.metrics.Rows.Load() > 0 }, 2*time.Second, time.Millisecond)
	require.Eventually(t, func() bool { return e.open() == 0 }, 10*time.Second, 10*time.Millisecond)
}

// TestVanished shows that a statement ends when its client goes, whatever it had sent ahead.
func TestVanished(t *testing.T) {
	for _, ahead := range []string{"", string(frame('Q', "SELECT 1\x00")), string(frame('X', ""))} {
		t.Run(fmt.Sprintf("%d bytes ahead", len(ahead)), func(t *testing.T) {
			e := newFakeEngine()
			s, addr := startServer(t, e, Config{Limits: Limits{CheckInterval: 5 * time.Millisecond}})
			c, err := net.Dial("tcp", addr)
			require.NoError(t, err)
			_, err = c.Write(append(startupBytes("streamdb"), frame('Q', "SELECT pg_sleep(60)\x00")...))
			require.NoError(t, err)
			_, err = c.Write([]byte(ahead))
			require.NoError(t, err)
			require.Eventually(t, func() bool { return s.metrics.Statements.Load() == 1 }, time.Second, time.Millisecond)
			time.Sleep(50 * time.Millisecond)
			require.Equal(t, 1, e.open(), "a client that is there must not be taken for gone")
			require.NoError(t, c.Close())
			require.Eventually(t, func() bool { return e.open() == 0 }, 2*time.Second, time.Millisecond)
			require.EqualValues(t, 1, s.metrics.Vanished.Load())
		})
	}
}
