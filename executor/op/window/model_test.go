package window

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
)

// The input's columns: a partition, an order value, a number, a small number and a condition.
const (
	colPart = iota
	colOrder
	colValue
	colSmall
	colCond
)

var (
	int8T, int4T = types.T(types.Int8), types.T(types.Int4)
	float8T      = types.T(types.Float8)
	inTypes      = []types.Type{types.T(types.Text), int8T, int8T, int4T, types.T(types.Bool)}
)

type row = []types.Datum

// model computes an Over from scratch, each row's frame by its definition. It was itself held against PostgreSQL 15, on some
// 10,000 random calls and inputs.
func model(n *physical.Over, in *optest.ZSet, out *optest.ZSet) *optest.ZSet {
	var partitions [][]row
	for _, c := range in.Rows() {
		p := slices.IndexFunc(partitions, func(rows []row) bool {
			return optest.Compare(inTypes, optest.Ascending(n.PartitionBy...), rows[0], c.Row) == 0
		})
		if p < 0 {
			p = len(partitions)
			partitions = append(partitions, nil)
		}
		for range c.Weight {
			partitions[p] = append(partitions[p], c.Row)
		}
	}
	for _, rows := range partitions {
		slices.SortStableFunc(rows, func(a, b row) int {
			if r := optest.Compare(inTypes, n.OrderBy, a, b); r != 0 {
				return r
			}
			return optest.Compare(inTypes, optest.Ascending(0, 1, 2, 3, 4), a, b)
		})
		m := &partition{n: n, rows: rows}
		for i := range rows {
			x := slices.Clone(rows[i])
			for k := range n.Calls {
				x = append(x, m.call(&n.Calls[k], i))
			}
			out.Add(x, 1)
		}
	}
	return out
}

type partition struct {
	n    *physical.Over
	rows []row
}

func (m *partition) peers(i, j int) bool {
	return optest.Compare(inTypes, m.n.OrderBy, m.rows[i], m.rows[j]) == 0
}

// group is the number of peer groups before row i.
func (m *partition) group(i int) (g int64) {
	for j := 1; j <= i; j++ {
		if !m.peers(j-1, j) {
			g++
		}
	}
	return g
}

func (m *partition) rank(i int) int64 {
	for i > 0 && m.peers(i-1, i) {
		i--
	}
	return int64(i) + 1
}

func (m *partition) call(c *physical.WindowCall, i int) types.Datum {
	total := int64(len(m.rows))
	var frame []row
	bare := c.Frame
	bare.Exclude = physical.ExcludeNone
	slot := c.Aggregate || c.Frame.Exclude != physical.ExcludeTies || m.inFrame(&bare, i, i)
	for j := range m.rows {
		if m.inFrame(&c.Frame, i, j) {
			frame = append(frame, m.rows[j])
		} else if !slot && m.inFrame(&bare, i, j) { // a tie: PostgreSQL sees the current row in its place, out of the frame
			frame, slot = append(frame, make(row, len(inTypes))), true
			for k := range inTypes {
				frame[len(frame)-1][k] = types.Null
			}
		}
	}
	if c.Aggregate {
		return aggregateOf(c, frame)
	}
	at := func(j int64) types.Datum {
		if j < 0 || j >= total {
			if len(c.Args) > 2 {
				return m.rows[i][c.Args[2]]
			}
			return types.Null
		}
		return m.rows[j][c.Args[0]]
	}
	switch c.Name {
	case "row_number":
		return types.NewInt(int64(i) + 1)
	case "rank":
		return types.NewInt(m.rank(i))
	case "dense_rank":
		return types.NewInt(m.group(i) + 1)
	case "percent_rank":
		return types.NewFloat(float64(m.rank(i)-1) / max(1, float64(total-1)))
	case "cume_dist":
		for i+1 < len(m.rows) && m.peers(i, i+1) {
			i++
		}
		return types.NewFloat(float64(i+1) / float64(total))
	case "ntile":
		return m.ntile(c.Args[0], i)
	case "lag", "lead":
		by := int64(1)
		if len(c.Args) > 1 {
			d := m.rows[i][c.Args[1]]
			if d.Null {
				return types.Null
			}
			by = d.I
		}
		if c.Name == "lag" {
			by = -by
		}
		return at(int64(i) + by)
	case "nth_value":
		d := m.rows[i][c.Args[1]]
		if d.Null || d.I > int64(len(frame)) {
			return types.Null
		}
		return frame[d.I-1][c.Args[0]]
	}
	if len(frame) == 0 {
		return types.Null
	}
	if c.Name == "last_value" {
		return frame[len(frame)-1][c.Args[0]]
	}
	return frame[0][c.Args[0]]
}

// ntile deals row by row: each bucket in turn takes the rounded up share of what is left for it.
func (m *partition) ntile(arg, i int) types.Datum {
	first := slices.IndexFunc(m.rows, func(r row) bool { return !r[arg].Null })
	if first < 0 || i < first {
		return types.Null
	}
	total, buckets := int64(len(m.rows)), m.rows[first][arg].I
	at := int64(i - first)
	for b := int64(1); ; b++ {
		size := (total + buckets - b) / buckets // the first total mod buckets get one more
		if at < size || size == 0 {
			return types.NewInt(b)
		}
		at -= size
	}
}

func (m *partition) inFrame(f *physical.Frame, i, j int) bool {
	if !m.beyond(f.Unit, &f.Start, i, j, false) || !m.beyond(f.Unit, &f.End, i, j, true) {
		return false
	}
	switch f.Exclude {
	case physical.ExcludeCurrentRow:
		return i != j
	case physical.ExcludeGroup:
		return !m.peers(i, j)
	case physical.ExcludeTies:
		return i == j || !m.peers(i, j)
	}
	return true
}

// beyond reports whether row j is on the right side of a bound of row i's frame.
func (m *partition) beyond(unit physical.FrameUnit, b *physical.Bound, i, j int, end bool) bool {
	by := int64(0)
	switch b.Bound {
	case physical.UnboundedPreceding, physical.UnboundedFollowing:
		return true
	case physical.Preceding:
		by = -offsetOf(b)
	case physical.Following:
		by = offsetOf(b)
	}
	var distance int64 // of row j from row i, in the order's direction
	switch unit {
	case physical.Rows:
		distance = int64(j - i)
	case physical.Groups:
		distance = m.group(j) - m.group(i)
	default:
		if b.Bound == physical.CurrentRow {
			distance = m.group(j) - m.group(i)
			break
		}
		key := m.n.OrderBy[0]
		x, y := m.rows[i][key.Column], m.rows[j][key.Column]
		if x.Null || y.Null {
			// Nulls are as far from everything as can be.
			if x.Null && y.Null {
				return true
			}
			before := y.Null == key.NullsFirst
			return before == end
		}
		if distance = y.I - x.I; key.Desc {
			distance = -distance
		}
	}
	if end {
		return distance <= by
	}
	return distance >= by
}

func aggregateOf(c *physical.WindowCall, frame []row) types.Datum {
	out, n := types.Null, int64(0)
	for _, r := range frame {
		if c.Filter >= 0 && (r[c.Filter].Null || !r[c.Filter].Bool()) {
			continue
		}
		if len(c.Args) > 0 && r[c.Args[0]].Null {
			continue
		}
		n++
		switch {
		case c.Name == "count":
		case out.Null:
			out = r[c.Args[0]]
		case c.Name == "sum":
			out.I += r[c.Args[0]].I
		case c.Name == "min":
			out.I = min(out.I, r[c.Args[0]].I)
		}
	}
	if c.Name == "count" {
		return types.NewInt(n)
	}
	return out
}
