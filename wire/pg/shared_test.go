package pg

import (
	"bytes"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// recorder is a connection that keeps what is written.
type recorder struct {
	net.Conn
	got bytes.Buffer
}

func (r *recorder) Write(p []byte) (int, error)    { return r.got.Write(p) }
func (*recorder) SetWriteDeadline(time.Time) error { return nil }
func (r *recorder) all(t require.TestingT, w *rowWriter) []byte {
	require.NoError(t, w.Flush())
	return r.got.Bytes()
}

// TestSharedRows: what one writer encodes and another one writes is what that one would have written itself.
func TestSharedRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ts := []types.Type{types.T(types.Int8), types.T(types.Text), types.T(types.Timestamptz)}
		cols := make([]engine.Column, len(ts))
		for i := range ts {
			cols[i].Type = ts[i]
		}
		formats := []int16{int16(rapid.IntRange(0, 1).Draw(t, "format"))}
		own, theirs := &recorder{}, &recorder{}
		plain, maker, writer := writerOf(own, cols, formats), writerOf(sink{}, cols, formats), writerOf(theirs, cols, formats)
		for range rapid.IntRange(0, 4).Draw(t, "batches") {
			b := vec.NewBatch(ts, 0)
			rows := int64(0)
			for range rapid.IntRange(0, 8).Draw(t, "rows") {
				weight := rapid.Int64Range(0, 3).Draw(t, "weight")
				text := types.NewText(string(bytes.Repeat([]byte{'x'}, rapid.SampledFrom([]int{0, 3, flushAt / 3, flushAt + 1}).Draw(t, "size"))))
				if rapid.Bool().Draw(t, "null") {
					text = types.Null
				}
				b.AppendRow(weight, types.NewInt(rows), text, types.NewInt(rows*1_000_000))
				rows += weight
			}
			require.NoError(t, plain.Batch(b))
			messages, err := maker.Encode(nil, b)
			require.NoError(t, err)
			require.NoError(t, writer.Encoded(messages, rows))
			require.Equal(t, plain.c.srv.metrics.Rows.Load(), writer.c.srv.metrics.Rows.Load())
		}
		require.True(t, bytes.Equal(own.all(t, plain), theirs.all(t, writer)))
	})
}

// zoned is a session's texts in a time zone.
type zoned struct{ env types.Env }

func (z *zoned) TextEnv() *types.Env { return &z.env }

// TestForm: rows are shared by those to whom they are the same bytes, and by nobody else.
func TestForm(t *testing.T) {
	form := func(zone string, id types.ID, formats ...int16) string {
		loc, err := time.LoadLocation(zone)
		require.NoError(t, err)
		w := writerOf(sink{}, []engine.Column{{Type: types.T(types.Int8)}, {Type: types.T(id)}}, formats)
		w.c.texter = &zoned{types.Env{Zone: loc}}
		return w.Form()
	}
	text, binary := form("UTC", types.Timestamptz), form("UTC", types.Timestamptz, formatBinary)
	require.NotEqual(t, text, binary)
	require.Equal(t, text, form("UTC", types.Timestamptz, formatText, formatText))
	require.NotEqual(t, text, form("UTC", types.Timestamptz, formatText, formatBinary))
	require.NotEqual(t, text, form("Europe/Berlin", types.Timestamptz))
	require.Equal(t, binary, form("Europe/Berlin", types.Timestamptz, formatBinary))
	require.Equal(t, form("UTC", types.Text), form("Europe/Berlin", types.Text))
	require.Empty(t, form("UTC", types.Regclass), "a name depends on the session's catalog and path")
	require.NotEmpty(t, form("UTC", types.Regclass, formatBinary))
}
