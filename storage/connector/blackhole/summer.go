package blackhole

import (
	"bytes"

	"github.com/zeebo/xxh3"

	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/format"
	"github.com/streamdb/streamdb/storage/format/delimited"
)

// summer hashes rows as texts: what COPY writes of one without its line end, by XXH3 of 64 bits without a seed. Any program that can
// write a row as PostgreSQL's COPY does can work out the same number.
type summer struct {
	columns int // what a plan has behind them is not the sink's
	encoder *delimited.Encoder
	row     vec.Batch
	lines   []byte
}

func newSummer(columns []connector.Column) *summer {
	cols := make([]format.Column, len(columns))
	for i, c := range columns {
		cols[i] = format.Column{Name: c.Name, Type: c.Type}
	}
	return &summer{columns: len(cols), encoder: delimited.NewEncoder(delimited.Text(), cols, nil)}
}

// sum is the sum of weight times hash of a batch's rows, modulo 2^64.
func (s *summer) sum(b *vec.Batch) (sum uint64) {
	s.row = vec.Batch{Cols: b.Cols[:s.columns], N: b.N, Sel: b.Sel}
	s.lines = s.encoder.Rows(s.lines[:0], &s.row)
	rest := s.lines
	for k := range b.Rows() {
		end := bytes.IndexByte(rest, '\n') // those in values are escaped
		sum += uint64(b.Weight(b.Row(k))) * xxh3.Hash(rest[:end])
		rest = rest[end+1:]
	}
	return sum
}
