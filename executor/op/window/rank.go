package window

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// function is a call of a window function or an aggregate.
type function interface {
	// eval writes the results of a block's wanted rows to out, which has as many rows as the block, none null.
	eval(b *block, out *vec.Vector)
}

// position is a function of a row's position and peers alone.
type position func(b *block, s *segment, i int32) int64

func (f position) eval(b *block, out *vec.Vector) {
	for k := range b.segs {
		s := &b.segs[k]
		for i := s.first; i < s.last; i++ {
			out.I64[i] = f(b, s, i)
		}
	}
}

func rowNumber(_ *block, s *segment, i int32) int64 { return s.base + int64(i-s.from) + 1 }

func rank(b *block, s *segment, i int32) int64 { return rowNumber(b, s, b.start[i]) }

// denseRank numbers the groups of peers. groups is the column of totals with how many have been freed; -1 if none are.
type denseRank struct{ groups int }

func (d denseRank) of(b *block, s *segment, i int32) int64 {
	n := int64(b.group[i]) + 1
	if d.groups >= 0 {
		n += b.totals.number(d.groups, s.part)
	}
	return n
}

// fold counts the groups of a block of rows that are freed.
func (d denseRank) fold(b *block) {
	for k := range b.segs {
		s := &b.segs[k]
		b.totals.add(d.groups, s.part, int64(b.group[s.last-1])+1)
	}
}

// share is a function of position and peers between 0 and 1.
type share func(b *block, s *segment, i int32) float64

func (f share) eval(b *block, out *vec.Vector) {
	for k := range b.segs {
		s := &b.segs[k]
		for i := s.first; i < s.last; i++ {
			out.F64[i] = f(b, s, i)
		}
	}
}

func percentRank(b *block, s *segment, i int32) float64 {
	if s.total <= 1 {
		return 0
	}
	return float64(rank(b, s, i)-1) / float64(s.total-1)
}

func cumeDist(b *block, s *segment, i int32) float64 {
	return float64(s.base+int64(b.end[i]-s.from)) / float64(s.total)
}

// ntile deals a partition's rows out to buckets, the first ones getting one more where it does not come out even. How many
// buckets there are the first row says for which the argument is not null, as in PostgreSQL.
type ntile struct{ arg int }

func (f ntile) eval(b *block, out *vec.Vector) {
	arg := b.column(f.arg)
	for k := range b.segs {
		s := &b.segs[k]
		i := s.first
		for ; i < s.last && arg.IsNull(int(i)); i++ {
			out.SetNull(int(i))
		}
		if i == s.last {
			continue
		}
		buckets := int64(arg.I32[i])
		if buckets <= 0 {
			b.fail(i, sqlerr.New(sqlerr.InvalidArgumentForNtile, "argument of ntile must be greater than zero"))
			continue
		}
		deal(out.I32[i:s.last], s.total, buckets)
	}
}

// deal numbers the buckets of consecutive rows of a partition with total rows.
func deal(out []int32, total, buckets int64) {
	size, larger := total/buckets, total%buckets
	if size == 0 {
		size, larger = 1, 0
	}
	bucket, left := int64(1), size
	if larger > 0 {
		left++
	}
	for i := range out {
		if left == 0 {
			bucket++
			if left = size; bucket <= larger {
				left++
			}
		}
		left--
		out[i] = int32(bucket)
	}
}
