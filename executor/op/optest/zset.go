package optest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Change is a row with a weight.
type Change struct {
	Row    []types.Datum
	Weight int64
}

// ZSet is a naive Z-set: rows by their text, so that rows are told apart by representation (1.0 is not 1.00).
type ZSet struct {
	Types []types.Type
	rows  map[string]*Change
}

// NewZSet makes an empty Z-set of rows with columns of types ts.
func NewZSet(ts []types.Type) *ZSet { return &ZSet{Types: ts, rows: map[string]*Change{}} }

// RowText is a row as scripts write it.
func RowText(ts []types.Type, row []types.Datum) string {
	fields := make([]string, len(row))
	for i, d := range row {
		if fields[i] = "null"; !d.Null {
			fields[i] = string(types.AppendText(nil, ts[i], d))
		}
	}
	return strings.Join(fields, " | ")
}

// Add adds to the weight of a row, which must not change any more.
func (z *ZSet) Add(row []types.Datum, weight int64) {
	key := RowText(z.Types, row)
	c := z.rows[key]
	if c == nil {
		c = &Change{Row: row}
		z.rows[key] = c
	}
	if c.Weight += weight; c.Weight == 0 {
		delete(z.rows, key)
	}
}

// AddBatch adds copies of the rows of a batch.
func (z *ZSet) AddBatch(b *vec.Batch) {
	for k := range b.Rows() {
		i := b.Row(k)
		z.Add(copyRow(b, i), b.Weight(i))
	}
}

func copyRow(b *vec.Batch, i int) []types.Datum {
	row := make([]types.Datum, len(b.Cols))
	for c, v := range b.Cols {
		row[c] = v.Datum(i)
		row[c].B = slices.Clone(row[c].B)
	}
	return row
}

// Weight is the weight of a row, 0 if it is not there.
func (z *ZSet) Weight(row []types.Datum) int64 {
	if c := z.rows[RowText(z.Types, row)]; c != nil {
		return c.Weight
	}
	return 0
}

// Len is the number of distinct rows.
func (z *ZSet) Len() int { return len(z.rows) }

// Rows are the rows with their weights, ordered by their text.
func (z *ZSet) Rows() []Change {
	out := make([]Change, 0, len(z.rows))
	for _, key := range z.keys() {
		out = append(out, *z.rows[key])
	}
	return out
}

func (z *ZSet) keys() []string {
	keys := make([]string, 0, len(z.rows))
	for key := range z.rows {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// String has a line for each row: its weight and its text, ordered by the text.
func (z *ZSet) String() string {
	var sb strings.Builder
	for _, key := range z.keys() {
		fmt.Fprintf(&sb, "%+d %s\n", z.rows[key].Weight, key)
	}
	return sb.String()
}
