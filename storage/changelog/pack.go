package changelog

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

const (
	// blockBytes is about how much a block holds in memory: enough to make the cost of a key and a decode small, few enough
	// that a reader of one block stays in the cache.
	blockBytes = 128 << 10
	// blockRows is the most rows a block has.
	blockRows = 8 * vec.BatchSize
)

// packer makes blocks of a useful size out of batches of any size: large ones are cut, small ones gathered.
type packer struct {
	pending *vec.Batch
	bytes   int // about how much pending holds
	rows    []int32
}

// add takes the rows of b, and gives emit each block that is full. Blocks are emit's until it returns.
func (p *packer) add(b *vec.Batch, emit func(*vec.Batch) error) error {
	rows := p.selected(b)
	width := rowBytes(b, rows)
	most := min(max(blockBytes/width, 1), blockRows)
	if most > vec.SliceStep {
		most -= most % vec.SliceStep
	}
	for len(rows) > 0 {
		n := min(len(rows), most)
		if p.empty() && 2*n >= most {
			cut := part(b, b.Rows()-len(rows), rows[:n])
			if err := emit(&cut); err != nil {
				return err
			}
			rows = rows[n:]
			continue
		}
		if p.pending == nil {
			p.pending = vec.NewBatch(b.Types(), n)
		}
		n = min(n, max((blockBytes-p.bytes)/width, 1), blockRows-p.pending.N)
		p.pending.AppendRows(b, rows[:n])
		p.bytes += n * width
		rows = rows[n:]
		if p.bytes >= blockBytes || p.pending.N == blockRows {
			if err := p.flush(emit); err != nil {
				return err
			}
		}
	}
	return nil
}

// part is the rows of b that begin with the from-th, without copying them if they lie together.
func part(b *vec.Batch, from int, rows []int32) vec.Batch {
	if b.Sel == nil && from%vec.SliceStep == 0 {
		return b.Slice(from, from+len(rows))
	}
	cut := *b
	cut.Sel = rows
	return cut
}

// flush gives emit what is left.
func (p *packer) flush(emit func(*vec.Batch) error) error {
	if p.empty() {
		return nil
	}
	err := emit(p.pending)
	p.pending.Reset()
	p.bytes = 0
	return err
}

func (p *packer) empty() bool { return p.pending == nil || p.pending.N == 0 }

// selected is the physical indices of b's rows.
func (p *packer) selected(b *vec.Batch) []int32 {
	if b.Sel != nil {
		return b.Sel
	}
	for i := len(p.rows); i < b.N; i++ {
		p.rows = append(p.rows, int32(i))
	}
	return p.rows[:b.N]
}

// sampleRows is how many rows' strings are measured to guess the width of a row.
const sampleRows = 64

// rowBytes is about how many bytes one of the rows of b takes in memory.
func rowBytes(b *vec.Batch, rows []int32) int {
	width := 1
	if b.Weights != nil {
		width += 8
	}
	for _, c := range b.Cols {
		switch c.Kind() {
		case types.KindBool:
			width++
		case types.KindInt32:
			width += 4
		case types.KindInt64, types.KindFloat:
			width += 8
		case types.KindWide:
			width += 16
		default:
			width += 8 + stringBytes(c, rows)
		}
	}
	return width
}

func stringBytes(c *vec.Vector, rows []int32) int {
	if c.Const {
		return int(c.Str[0].Len)
	}
	step := max(len(rows)/sampleRows, 1)
	total, n := 0, 0
	for i := 0; i < len(rows); i += step {
		total += int(c.Str[rows[i]].Len)
		n++
	}
	return total / max(n, 1)
}
