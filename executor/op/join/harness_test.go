package join

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// change is a row of a delta.
type change struct {
	port   int
	row    []types.Datum
	weight int64
}

// zset is a naive Z-set: rows by their text.
type zset map[string]*entry

type entry struct {
	row    []types.Datum
	weight int64
}

func rowText(ts []types.Type, row []types.Datum) string {
	var sb strings.Builder
	for i, d := range row {
		if d.Null {
			sb.WriteString("|null")
		} else {
			fmt.Fprintf(&sb, "|%s", types.AppendText(nil, ts[i], d))
		}
	}
	return sb.String()
}

func (z zset) add(ts []types.Type, row []types.Datum, weight int64) {
	key := rowText(ts, row)
	e := z[key]
	if e == nil {
		e = &entry{row: row}
		z[key] = e
	}
	if e.weight += weight; e.weight == 0 {
		delete(z, key)
	}
}

func (z zset) entries() []*entry {
	keys := make([]string, 0, len(z))
	for k := range z {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := make([]*entry, len(keys))
	for i, k := range keys {
		out[i] = z[k]
	}
	return out
}

func (z zset) String() string {
	var sb strings.Builder
	for _, e := range z.entries() {
		for k, x := range z {
			if x == e {
				fmt.Fprintf(&sb, "%s ×%d\n", k, e.weight)
			}
		}
	}
	return sb.String()
}

// sink gathers an operator's output.
type sink struct {
	types     []types.Type
	all       zset
	step      map[string]int // how often a row has come in this step
	retracts  bool           // a row of negative weight has come in this step
	zero      bool           // a row of weight zero has come
	watermark int64
}

func (s *sink) Batch(b *vec.Batch) error {
	for k := range b.Rows() {
		i := b.Row(k)
		row := make([]types.Datum, len(b.Cols))
		for c, v := range b.Cols {
			row[c] = v.Datum(i)
			row[c].B = slices.Clone(row[c].B)
		}
		s.zero = s.zero || b.Weight(i) == 0
		s.retracts = s.retracts || b.Weight(i) < 0
		s.step[rowText(s.types, row)]++
		s.all.add(s.types, row, b.Weight(i))
	}
	return nil
}

func (s *sink) Watermark(t int64) error { s.watermark = t; return nil }

func newSink(ts []types.Type) *sink { return &sink{types: ts, all: zset{}, step: map[string]int{}} }

// push gives an operator changes of one port in one batch; some of the batch's rows are not selected.
func push(o op.Operator, port int, ts []types.Type, rows []change, out op.Output) error {
	b := vec.NewBatch(ts, 0)
	for _, c := range rows {
		b.AppendRow(c.weight, c.row...)
		b.AppendRow(7, c.row...)
		b.Sel = append(b.Sel, int32(b.N-2))
	}
	if b.Weights == nil {
		b.Weights = slices.Repeat([]int64{1}, b.N)
	}
	return o.Push(port, b, out)
}

// restored is a new operator with the state of an old one, moved as drivers do.
func restored(old op.Stateful, make func() op.Operator) (op.Operator, error) {
	o := make()
	for i, s := range old.State() {
		v := s.Freeze()
		for g := range state.Groups {
			if v.GroupRows(g) == 0 {
				continue
			}
			if err := o.(op.Stateful).State()[i].AttachGroup(v.Group(g)); err != nil {
				return nil, err
			}
		}
		v.Release()
	}
	old.Close()
	return o, nil
}
