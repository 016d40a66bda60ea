package microbatch

import (
	"slices"

	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/scratch"
)

// spilled are the rows of a batch's blocks in the scratch file. It is shared by the blocks and dropped with the batch.
type spilled struct {
	file *scratch.File
	span scratch.Span
}

// place is where a block's rows lie in what its batch has spilled.
type place struct {
	in         *spilled
	from, size int
}

// over is the oldest batch whose blocks are to be brought out of memory; nil if what is kept fits into the budget. The mutex is held.
func (l *lineage) over(budget int64) *batch {
	if l.bytes <= budget || l.pinned > 0 {
		return nil
	}
	for _, b := range l.kept {
		if b.reading == 0 && b.blockBytes() > 0 {
			return b
		}
	}
	return nil
}

// spillStep brings the blocks of one batch out of memory: into the scratch file, or, where there is none or it cannot be written, away; they
// are then made again from their parents if they are needed.
func (d *Driver) spillStep() bool {
	d.mu.Lock()
	b := d.lineage.over(d.budget)
	if b == nil || d.closed {
		d.mu.Unlock()
		return false
	}
	b.reading++ // nobody fills its batches anew meanwhile
	blocks := slices.Collect(b.eachBlock)
	d.mu.Unlock()
	s, places := d.write(blocks)
	d.mu.Lock()
	defer d.mu.Unlock()
	defer b.leave(d)
	if d.lineage.pinned > 0 || b.reading > 1 || b.retired { // somebody reads them, or nobody ever will
		s.drop()
		return false
	}
	if s == nil {
		d.lineage.Dropped++
		d.lineage.bytes -= b.blockBytes()
		b.forget(d)
		return true
	}
	d.lineage.Spilled++
	b.spilled = append(b.spilled, s)
	for x, p := range places { // not those that a rebuild has put there meanwhile
		d.lineage.bytes -= x.block.bytes
		d.swap(x, p)
	}
	return true
}

// write brings the rows of a batch's blocks into the scratch file, and says where each block's are; nil if that is not possible.
func (d *Driver) write(blocks []*edgeBlock) (*spilled, map[*edgeBlock]place) {
	if d.cfg.Scratch == nil {
		return nil, nil
	}
	var buf []byte
	places := map[*edgeBlock]place{}
	s := &spilled{file: d.cfg.Scratch}
	for _, x := range blocks {
		from := len(buf)
		for _, m := range x.block.messages {
			if m.Kind != exchange.Data {
				continue
			}
			var err error
			if buf, err = vec.AppendBlock(buf, m.Batch, vec.Uncompressed); err != nil {
				return nil, nil
			}
		}
		places[x] = place{s, from, len(buf) - from}
	}
	var err error
	if s.span, err = d.cfg.Scratch.Write(buf); err != nil {
		return nil, nil
	}
	return s, places
}

func (s *spilled) drop() {
	if s != nil { // nil: it could not be written
		s.file.Drop(s.span)
	}
}

// edgeBlock is a block and the exchange that it went through.
type edgeBlock struct {
	edge  *edge
	block *block
}

// eachBlock calls f with each block that has rows in memory.
func (b *batch) eachBlock(f func(*edgeBlock) bool) {
	for _, r := range b.runs {
		for i, edge := range r.blocks {
			for _, wrote := range edge {
				for _, x := range wrote {
					if x.bytes > 0 && x.place == nil && !f(&edgeBlock{r.stage.writes[i], x}) {
						return
					}
				}
			}
		}
	}
}

// swap takes the rows of a block out of memory that lie in the scratch file now.
func (d *Driver) swap(x *edgeBlock, p place) {
	for i, m := range x.block.messages {
		if m.Kind == exchange.Data {
			x.edge.pool.put(m.Batch)
			x.block.messages[i].Batch = nil
		}
	}
	x.block.place, x.block.bytes = &p, 0
}

// unreadable says that the blocks of a run's exchange cannot be read where they were spilled, or were dropped.
type unreadable struct {
	error
	run  *run
	edge *edge
}

// load reads the rows of a spilled block again, into a block that is the caller's.
func (x *block) load() (*block, error) {
	p := x.place
	data, err := p.in.file.Read(p.in.span, p.from, p.size)
	if err != nil {
		return nil, err
	}
	out := &block{messages: slices.Clone(x.messages), rows: x.rows}
	for i, m := range out.messages {
		if m.Kind != exchange.Data {
			continue
		}
		if out.messages[i].Batch, data, err = vec.DecodeBlock(data); err != nil {
			return nil, err
		}
	}
	return out, nil
}
