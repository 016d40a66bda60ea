package database

import (
	"slices"
	"sync"
	"time"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// Marker finds what rows of a stream stand for in event time: the largest value of its WATERMARK FOR expression, and the largest time. A
// row for which the expression fails or is null stands for none, nor does one that lies too far ahead of the server's clock: else
// one bad row would close every window. It is safe for concurrent use.
type Marker struct {
	mu      sync.Mutex
	program *expr.Program
	time    int      // the column of event time
	ahead   int64    // how far a row may be ahead of the clock, in microseconds
	columns []int    // of the stream that are read
	names   []string // of those
	failed  map[int32]bool
}

// NewMarker makes the marker of a stream, whose WATERMARK FOR expression has been bound over its columns.
func NewMarker(node expr.Node, r *catalog.Relation) (*Marker, error) {
	p, err := expr.Compile(node)
	if err != nil {
		return nil, err
	}
	m := &Marker{program: p, time: r.Watermark.Column, ahead: MaxAhead(r).Microseconds(), columns: expr.ColumnsUsed(node), failed: map[int32]bool{}}
	if !slices.Contains(m.columns, m.time) {
		m.columns = append(m.columns, m.time)
		slices.Sort(m.columns)
	}
	for _, c := range m.columns {
		m.names = append(m.names, r.Columns[c].Name)
	}
	return m, nil
}

// SetAhead changes how far a row may be ahead of the clock.
func (m *Marker) SetAhead(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ahead = d.Microseconds()
}

// tail reports whether the end of a range tells its highest watermark: the expression reads one column, whose values do not
// fall. (It may still fall while the column rises; then the watermark is lower than it could be, which is safe.)
func (m *Marker) tail(s connector.Source) bool {
	return len(m.names) == 1 && slices.Contains(s.Traits().Ascending, m.names[0])
}

// Rows is what the rows of b stand for when the clock shows now.
func (m *Marker) Rows(b *vec.Batch, now int64) (epoch.Mark, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.failed)
	v := m.program.Eval(&expr.Ctx{Env: ViewEnv{}, Fail: func(i int32, _ error) { m.failed[i] = true }}, b)
	times, mark, limit := b.Cols[m.time], epoch.NoMark, now+m.ahead
	for k := range b.Rows() {
		i, at := b.Row(k), b.Row(k)
		if v.Const {
			i = 0
		}
		if times.Const {
			at = 0
		}
		t, seen := v.I64[i], times.I64[at]
		if t <= limit && seen <= limit && !v.IsNull(i) && !times.IsNull(at) && !m.failed[int32(i)] {
			mark = mark.And(epoch.Mark{Watermark: t, Seen: seen})
		}
	}
	return mark, nil
}

// tailRows is how many positions at the end of a range have a row for certain (connector.Traits).
const tailRows = 256

// Range is what the rows of a range of a source stand for, likewise.
func (m *Marker) Range(s connector.Source, ts []types.Type, r relation.Range, now int64) (epoch.Mark, error) {
	from := r.From
	if m.tail(s) && r.To-from > tailRows {
		from = r.To - tailRows
	}
	reader, err := s.Open(r.Split, from, m.columns)
	if err != nil {
		return epoch.NoMark, err
	}
	defer reader.Close()
	picked := make([]types.Type, len(m.columns))
	for i, c := range m.columns {
		picked[i] = ts[c]
	}
	rows := int(min(r.To-from, vec.BatchSize))
	buf := vec.NewBatch(picked, rows)
	full := vec.Batch{Cols: make([]*vec.Vector, len(ts))}
	for i, c := range m.columns {
		full.Cols[c] = buf.Cols[i]
	}
	mark := epoch.NoMark
	for {
		_, done, err := reader.Poll(buf, rows, r.To)
		if err != nil {
			return epoch.NoMark, err
		}
		full.N = buf.N
		if buf.N > 0 {
			x, err := m.Rows(&full, now)
			if err != nil {
				return epoch.NoMark, err
			}
			mark = mark.And(x)
		}
		if done || buf.N == 0 {
			return mark, nil
		}
	}
}
