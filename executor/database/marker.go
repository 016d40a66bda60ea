package database

import (
	"slices"
	"sync"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// Marker finds the watermark that rows of a stream stand for: the largest value of its WATERMARK FOR expression. A row for which
// the expression fails or is null stands for none. It is safe for concurrent use.
type Marker struct {
	mu      sync.Mutex
	program *expr.Program
	columns []int // of the stream that the expression reads
	names   []string
	failed  map[int32]bool
}

// NewMarker makes the marker of a bound expression over the stream's columns.
func NewMarker(node expr.Node, columns []catalog.Column) (*Marker, error) {
	p, err := expr.Compile(node)
	if err != nil {
		return nil, err
	}
	m := &Marker{program: p, columns: expr.ColumnsUsed(node), failed: map[int32]bool{}}
	for _, c := range m.columns {
		m.names = append(m.names, columns[c].Name)
	}
	return m, nil
}

// tail reports whether the end of a range tells its highest watermark: the expression reads one column, whose values do not
// fall. (It may still fall while the column rises; then the watermark is lower than it could be, which is safe.)
func (m *Marker) tail(s connector.Source) bool {
	return len(m.names) == 1 && slices.Contains(s.Traits().Ascending, m.names[0])
}

// Rows is the highest watermark among the rows of b; op.NoWatermark for none.
func (m *Marker) Rows(b *vec.Batch) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.failed)
	v := m.program.Eval(&expr.Ctx{Env: ViewEnv{}, Fail: func(i int32, _ error) { m.failed[i] = true }}, b)
	high := int64(op.NoWatermark)
	for k := range b.Rows() {
		i := b.Row(k)
		if v.Const {
			i = 0
		}
		if t := v.I64[i]; t > high && t != types.TimestampInfinity && !v.IsNull(i) && !m.failed[int32(i)] {
			high = t
		}
	}
	return high, nil
}

// tailRows is how many positions at the end of a range have a row for certain (connector.Traits).
const tailRows = 256

// Range is the highest watermark among the rows of a range of a source.
func (m *Marker) Range(s connector.Source, ts []types.Type, r relation.Range) (int64, error) {
	from := r.From
	if m.tail(s) && r.To-from > tailRows {
		from = r.To - tailRows
	}
	reader, err := s.Open(r.Split, from, m.columns)
	if err != nil {
		return 0, err
	}
	defer reader.Close()
	picked := make([]types.Type, len(m.columns))
	for i, c := range m.columns {
		picked[i] = ts[c]
	}
	buf := vec.NewBatch(picked, vec.BatchSize)
	full := vec.Batch{Cols: make([]*vec.Vector, len(ts))}
	for i, c := range m.columns {
		full.Cols[c] = buf.Cols[i]
	}
	high := int64(op.NoWatermark)
	for {
		_, done, err := reader.Poll(buf, vec.BatchSize, r.To)
		if err != nil {
			return 0, err
		}
		full.N = buf.N
		if buf.N > 0 {
			t, err := m.Rows(&full)
			if err != nil {
				return 0, err
			}
			high = max(high, t)
		}
		if done || buf.N == 0 {
			return high, nil
		}
	}
}
