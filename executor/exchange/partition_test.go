package exchange

import (
	"fmt"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

var keyed = []types.Type{types.T(types.Int8), types.T(types.Text), types.T(types.Int8)}

// drawRows draws a batch of keyed rows with weights, a selection, both or neither.
func drawRows(t *rapid.T) *vec.Batch {
	b := vec.NewBatch(keyed, 0)
	weighted := rapid.Bool().Draw(t, "weighted")
	n := rapid.IntRange(0, 60).Draw(t, "rows")
	for i := range n {
		w := int64(1)
		if weighted {
			w = rapid.Int64Range(-2, 3).Draw(t, "weight")
		}
		key := types.NewInt(rapid.Int64Range(0, 40).Draw(t, "key"))
		if rapid.IntRange(0, 9).Draw(t, "null") == 0 {
			key = types.Null
		}
		b.AppendRow(w, key, types.NewText(rapid.SampledFrom([]string{"", "a", "bb"}).Draw(t, "text")), types.NewInt(int64(i)))
	}
	if rapid.Bool().Draw(t, "selected") {
		b.Sel = []int32{}
		for i := range n {
			if rapid.Bool().Draw(t, "in") {
				b.Sel = append(b.Sel, int32(i))
			}
		}
	}
	return b
}

func rowText(b *vec.Batch, i int) string {
	s := fmt.Sprintf("%+d:", b.Weight(i))
	for _, c := range b.Cols {
		if c.IsNull(i) {
			s += " null"
		} else {
			s += " " + string(vec.AppendText(nil, c, i))
		}
	}
	return s
}

// owner is the receiver of a row, found the way that arrangements find it.
func owner(r Routing, b *vec.Batch, i int) int {
	var keys []*vec.Vector
	for _, k := range r.Keys {
		keys = append(keys, b.Cols[k])
	}
	h := make([]uint64, 1)
	vec.HashRows(keys, []int32{int32(i)}, b.N, h)
	return r.Owner[state.GroupOf(h[0])]
}

// drain empties a channel into texts: rows, watermarks and barriers in order.
func drain(c *Channel) (got []string) {
	for {
		m, ok := c.Peek()
		if !ok {
			return got
		}
		switch m.Kind {
		case Data:
			for k := range m.Batch.Rows() {
				got = append(got, rowText(m.Batch, m.Batch.Row(k)))
			}
		case Watermark:
			got = append(got, fmt.Sprint("watermark ", m.Time))
		case Cut:
			got = append(got, fmt.Sprint("cut ", m.Barrier))
		}
		c.Pop(false)
	}
}

// TestPartitioner routes random batches, watermarks and barriers, and compares what each receiver gets with the rows that it
// owns, one by one. Channels are drained at times, so batches are filled again.
func TestPartitioner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tasks := rapid.IntRange(1, 5).Draw(t, "tasks")
		r := Routing{Keys: rapid.SampledFrom([][]int{nil, {0}, {1}, {1, 0}}).Draw(t, "keys"), Owner: Spread(tasks),
			Broadcast: rapid.IntRange(0, 3).Draw(t, "broadcast") == 0}
		targets := make([]Target, tasks)
		out, want, got := make([]*Channel, tasks), make([][]string, tasks), make([][]string, tasks)
		for i := range out {
			out[i], _ = newTestChannel(100)
			targets[i] = out[i]
		}
		p := NewPartitioner(keyed, r, targets)
		marks := int64(0)
		take := func() {
			for i, c := range out {
				got[i] = append(got[i], drain(c)...)
			}
		}
		everyone := func(s string) {
			for i := range want {
				want[i] = append(want[i], s)
			}
		}
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				marks++
				require.NoError(t, p.Watermark(marks))
				everyone(fmt.Sprint("watermark ", marks))
				take()
				require.Equal(t, want, got, "what is before a watermark is sent with it")
			case 1:
				marks++
				b := Barrier{Epoch: uint64(marks), Snapshot: marks%2 == 0}
				p.Barrier(b)
				everyone(fmt.Sprint("cut ", b))
				take()
				require.Equal(t, want, got, "what is before a barrier is sent with it")
			default:
				b := drawRows(t)
				for k := range b.Rows() {
					i := b.Row(k)
					for task := range want {
						if r.Broadcast || owner(r, b, i) == task {
							want[task] = append(want[task], rowText(b, i))
						}
					}
				}
				require.NoError(t, p.Batch(b))
				for _, c := range b.Cols { // what crosses is the receiver's copy
					clear(c.I64)
				}
			}
		}
		p.Barrier(Barrier{})
		everyone(fmt.Sprint("cut ", Barrier{}))
		take()
		require.Equal(t, want, got)
	})
}

// TestPartitionerSends: a receiver's batch is sent when it is large enough, without waiting for a barrier.
func TestPartitionerSends(t *testing.T) {
	c, w := newTestChannel(vec.BatchSize)
	p := NewPartitioner(int8s, Routing{}, []Target{c})
	require.NoError(t, p.Batch(rowsOf(vec.BatchSize-1)))
	require.Zero(t, w.receiver)
	require.False(t, p.Full())
	require.NoError(t, p.Batch(rowsOf(1)))
	require.Equal(t, 1, w.receiver)
	require.True(t, p.Full())
	require.Len(t, drain(c), vec.BatchSize)
	require.Equal(t, 1, w.sender)
}

// TestFullAsksAll: the sender is woken by any receiver that it was held back by, so each must know that it waits.
func TestFullAsksAll(t *testing.T) {
	a, aw := newTestChannel(1)
	b, bw := newTestChannel(1)
	p := NewPartitioner(int8s, Routing{Broadcast: true}, []Target{a, b})
	require.NoError(t, p.Batch(rowsOf(1)))
	p.Barrier(Barrier{})
	require.True(t, p.Full())
	drain(a)
	require.Equal(t, 1, aw.sender)
	drain(b)
	require.Equal(t, 1, bw.sender)
	require.False(t, p.Full())
}

func TestSpread(t *testing.T) {
	for tasks := 1; tasks <= state.Groups; tasks++ {
		owners := Spread(tasks)
		n := make([]int, tasks)
		for _, o := range owners {
			n[o]++
		}
		require.True(t, sort.IntsAreSorted(owners[:]), "contiguous runs")
		sort.Ints(n)
		require.LessOrEqual(t, n[tasks-1]-n[0], 1, "%d tasks: even", tasks)
	}
}

// sizes is a target that keeps nothing but the size and the capacity of what is sent.
type sizes struct{ rows, room []int }

func (s *sizes) Full() bool       { return false }
func (s *sizes) Take() *vec.Batch { return nil }
func (s *sizes) Send(m Message) {
	if m.Batch != nil {
		s.rows, s.room = append(s.rows, m.Batch.N), append(s.room, cap(m.Batch.Cols[0].I64))
	}
}

// TestBatchesAreNotGrown: rows that do not fit any more go into the receiver's next batch.
func TestBatchesAreNotGrown(t *testing.T) {
	const rows = 700
	all := make([]int32, rows)
	for i := range all {
		all[i] = int32(i)
	}
	for _, c := range []struct {
		name string
		sel  []int32
		want []int
		room []int
	}{
		{"selected rows fill a batch, and the next one is larger", all, []int{64, 128, 256, 512, vec.BatchSize, 3*rows - 960 - vec.BatchSize},
			[]int{64, 128, 256, 512, vec.BatchSize, vec.BatchSize}},
		{"a whole batch goes behind what there is if it fits", nil, []int{rows, rows, rows}, []int{vec.BatchSize, vec.BatchSize, vec.BatchSize}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := &sizes{}
			p := NewPartitioner(int8s, Routing{}, []Target{out})
			for range 3 {
				b := rowsOf(rows)
				b.Sel = c.sel
				require.NoError(t, p.Batch(b))
			}
			p.Barrier(Barrier{})
			require.Equal(t, c.want, out.rows)
			require.Equal(t, c.room, out.room)
		})
	}
}
