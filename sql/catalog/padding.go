package catalog

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// SetMissing makes a column one that was added to rows which have this value in it: v has one row.
func (c *Column) SetMissing(v *vec.Vector) error {
	block, err := vec.AppendBlock(nil, &vec.Batch{Cols: []*vec.Vector{v}, N: 1}, vec.Uncompressed)
	c.Missing = block
	return err
}

// Padding is what rows have in the columns that were added to the relation; nil if none was.
func (r *Relation) Padding() (*vec.Padding, error) {
	var p *vec.Padding
	for i := range r.Columns {
		c := &r.Columns[i]
		if len(c.Missing) == 0 {
			continue
		}
		b, rest, err := vec.DecodeBlock(c.Missing)
		if err != nil || len(rest) > 0 || b.N != 1 || len(b.Cols) != 1 {
			return nil, sqlerr.Wrap(err, sqlerr.DataCorrupted, "the value of column %q of %q in older rows is damaged", c.Name, r.Name)
		}
		if p == nil {
			p = &vec.Padding{Width: len(r.Columns)}
		}
		p.Added = append(p.Added, vec.NewConst(c.Type, b.Cols[0].Datum(0)))
	}
	return p, nil
}
