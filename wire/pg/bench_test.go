package pg

import (
	"context"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// sink is a connection that takes everything.
type sink struct{ net.Conn }

func (sink) Write(p []byte) (int, error)      { return len(p), nil }
func (sink) SetWriteDeadline(time.Time) error { return nil }

// writerOf is a row writer into out, as a run has it.
func writerOf(nc net.Conn, cols []engine.Column, formats []int16) *rowWriter {
	s := &Server{}
	c := &conn{srv: s, out: out{nc: nc, timeout: time.Minute, metrics: &s.metrics}}
	w := &rowWriter{c: c}
	w.start(context.Background(), cols, formats)
	return w
}

var benchTypes = []types.Type{types.T(types.Int8), types.T(types.Int4), types.T(types.Text), types.T(types.Timestamp), types.T(types.Float8)}

func benchBatch() (*vec.Batch, []engine.Column) {
	b := vec.NewBatch(benchTypes, 1024)
	for i := range 1024 {
		b.AppendRow(1, types.NewInt(int64(i)*1_000_003), types.NewInt(int64(i)), types.NewText(fmt.Sprintf("name-%d", i)),
			types.NewInt(1_700_000_000_000_000+int64(i)*1_000_000), types.NewFloat(float64(i)*1.5))
	}
	cols := make([]engine.Column, len(benchTypes))
	for i, t := range benchTypes {
		cols[i] = engine.Column{Name: "c", Type: t}
	}
	return b, cols
}

func BenchmarkDataRow(bm *testing.B) {
	batch, cols := benchBatch()
	for _, format := range []int16{formatText, formatBinary} {
		bm.Run([]string{"text", "binary"}[format], func(bm *testing.B) {
			w := writerOf(sink{}, cols, []int16{format})
			bm.ReportAllocs()
			for bm.Loop() {
				require.NoError(bm, w.Batch(batch))
			}
			bm.ReportMetric(float64(bm.N)*float64(batch.Rows())/bm.Elapsed().Seconds(), "rows/s")
			bm.ReportMetric(float64(w.c.srv.metrics.BytesOut.Load())/bm.Elapsed().Seconds()/1e6, "MB/s")
		})
	}
}

// BenchmarkPointQuery is a prepared statement with one parameter and one row, over loopback.
func BenchmarkPointQuery(bm *testing.B) {
	_, addr := startServer(bm, newFakeEngine(), Config{})
	c := connect(bm, addr, "")
	ctx := context.Background()
	var v int32
	bm.ReportAllocs()
	for bm.Loop() {
		require.NoError(bm, c.QueryRow(ctx, "SELECT $1::int4 AS v", 42).Scan(&v))
	}
	bm.ReportMetric(float64(bm.N)/bm.Elapsed().Seconds(), "ops/s")
}

// BenchmarkServerSide is what the server alone does for such a query: the client's bytes are made beforehand.
func BenchmarkServerSide(bm *testing.B) {
	_, addr := startServer(bm, newFakeEngine(), Config{})
	nc, err := net.Dial("tcp", addr)
	require.NoError(bm, err)
	defer nc.Close()
	_, err = nc.Write(append(startupBytes("streamdb"), frame('P', "s\x00SELECT $1::int4 AS v\x00\x00\x00")...))
	require.NoError(bm, err)
	query := append(frame('B', "\x00s\x00\x00\x01\x00\x01\x00\x01\x00\x00\x00\x04\x00\x00\x00\x2a\x00\x01\x00\x01"), frame('D', "P\x00")...)
	query = append(append(query, frame('E', "\x00\x00\x00\x00\x00")...), frame('S', "")...)
	answer := make([]byte, 4096)
	ask := func() int {
		_, err := nc.Write(query)
		require.NoError(bm, err)
		n := 0
		for n < 6 || answer[n-6] != 'Z' {
			m, err := nc.Read(answer[n:])
			require.NoError(bm, err)
			n += m
		}
		return n
	}
	_ = ask()
	for bm.Loop() {
		ask()
	}
	bm.ReportMetric(float64(bm.N)/bm.Elapsed().Seconds(), "ops/s")
}

// BenchmarkCopyIn is COPY FROM STDIN with an engine that only reads.
func BenchmarkCopyIn(bm *testing.B) {
	_, addr := startServer(bm, newFakeEngine(), Config{})
	c := connect(bm, addr, "").PgConn()
	const total = 16 << 20
	bm.SetBytes(total)
	for bm.Loop() {
		_, err := c.CopyFrom(context.Background(), io.LimitReader(ones{}, total), "COPY nowhere FROM STDIN")
		require.NoError(bm, err)
	}
}

// ones is an endless column of ones.
type ones struct{}

func (ones) Read(p []byte) (int, error) {
	n := len(p) &^ 1
	for i := 0; i < n; i += 2 {
		p[i], p[i+1] = '1', '\n'
	}
	return n, nil
}
