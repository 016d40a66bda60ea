package microbatch

import (
	"maps"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
)

// batch is a step: its input, and how far each stage has come with it. The driver's mutex guards it once it is cut.
type batch struct {
	barrier  exchange.Barrier
	segments []segment
	runs     []*run // by stage
	left     int    // stages that have not finished
	info     driver.BatchInfo
	cutAt    int64 // when it was cut
	started  int64 // when its first task began

	watermark int64
	due       int64
	faults    op.Faults
	late      int64
	lateRows  []driver.LateRows
	err       error
	rebase    bool // its versions become the base without a snapshot

	// reading counts the attempts that may read the batch: also those whose task another one has committed. Only when they have
	// ended are blocks and inputs of a batch that is not needed any more used for others.
	reading int
	retired bool
	spilled []*spilled // its blocks' rows that are not in memory
}

// segment is a part of a batch that ends where a watermark moves: an epoch, or several.
type segment struct {
	feeds map[int][]exchange.Input // by leaf and partition
	marks map[int]int64            // of leaves, behind the rows
}

func newSegment() segment { return segment{map[int][]exchange.Input{}, map[int]int64{}} }

// run is a stage's part of a batch.
type run struct {
	batch *batch
	stage *stage
	tasks []*task // by partition; nil until the run has begun
	left  int     // tasks that have not committed
	done  bool
	// before are the watermarks of the stage's inputs as the run began; moved are those that rise, at the end of each segment.
	before map[int]int64
	moved  map[int][]int64
	begun  bool // the stage had been through a batch
	// lowAfter are the watermarks at the end of the run.
	lowAfter map[int]int64
	// blocks are what the tasks sent: by the stage's outgoing edge, partition, and reader's partition. A nil entry of a partition is
	// an empty block; a nil edge says that its blocks were dropped.
	blocks [][][]*block
	took   []int64 // how long tasks took, for the median
	idled  []bool  // partitions that had nothing to do
	output [][]*vec.Batch
	// versions are those of the partitions at the end of the run, if the batch is to be a base.
	versions [][]driver.State
}

func (d *Driver) newBatch() *batch {
	b := &batch{segments: []segment{newSegment()}, watermark: op.NoWatermark, due: op.EndOfTime, left: len(d.stages)}
	for _, s := range d.stages {
		b.runs = append(b.runs, &run{batch: b, stage: s})
	}
	return b
}

// seal turns a filled batch into one that can run.
func (b *batch) seal(x exchange.Barrier, now int64) {
	b.barrier, b.cutAt = x, now
	b.info = driver.BatchInfo{Epoch: x.Epoch, Started: now}
}

// last is the segment being filled.
func (b *batch) last() *segment { return &b.segments[len(b.segments)-1] }

// retire says that nothing will be made from the batch again.
func (b *batch) retire(d *Driver) {
	b.retired = true
	if b.reading == 0 {
		b.end(d)
	}
}

// end gives back what a retired batch has.
func (b *batch) end(d *Driver) {
	b.forget(d)
	b.release()
}

// leave ends an attempt's reading.
func (b *batch) leave(d *Driver) {
	if b.reading--; b.reading == 0 && b.retired {
		b.end(d)
	}
}

// release gives the inputs back, and versions that have not become a base.
func (b *batch) release() {
	for _, r := range b.runs {
		for _, states := range r.versions {
			driver.Release(states)
		}
		r.versions = nil
	}
	for _, s := range b.spilled {
		s.drop()
	}
	b.spilled = nil
	for _, s := range b.segments {
		for _, inputs := range s.feeds {
			for _, in := range inputs {
				if in != nil {
					in.Release()
				}
			}
		}
	}
}

// prepare works out what the tasks of a run read, once all that it reads has been written. It is called in the order of batches; the stage's
// tasks of the batch before may still run.
func (r *run) prepare() {
	n := len(r.batch.segments)
	r.before, r.moved, r.begun = map[int]int64{}, map[int][]int64{}, r.stage.begun
	for node, t := range r.stage.low {
		r.before[node] = t
	}
	for _, leaf := range r.stage.Leaves {
		marks, at := make([]int64, n), r.before[leaf]
		for i := range r.batch.segments {
			if t, ok := r.batch.segments[i].marks[leaf]; ok {
				at = max(at, t)
			}
			marks[i] = at
		}
		r.move(leaf, marks)
	}
	for _, e := range r.stage.reads {
		r.move(e.node, e.advance(r.batch, n))
	}
	r.stage.begun = true
	for range r.stage.writes {
		r.blocks = append(r.blocks, make([][]*block, len(r.stage.parts)))
	}
	r.idled, r.output = make([]bool, len(r.stage.parts)), make([][]*vec.Batch, len(r.stage.parts))
	r.lowAfter = maps.Clone(r.stage.low)
}

// move notes the watermarks of an input if they rise.
func (r *run) move(node int, marks []int64) {
	if newest := marks[len(marks)-1]; newest > r.before[node] {
		r.moved[node] = marks
		r.stage.low[node] = newest
	}
}

// advance gives the merged watermark of an edge at the end of each segment of a batch.
func (e *edge) advance(b *batch, segments int) []int64 {
	wrote := b.runs[e.from.number].blocks[e.from.outgoing(e)]
	ports := make([][]int64, len(e.ports))
	for p := range ports {
		x := &block{}
		if wrote[p] != nil {
			x = wrote[p][0]
		}
		ports[p] = x.marks(segments, e.ports[p])
		e.ports[p] = ports[p][segments-1]
	}
	return lowest(ports, segments)
}

// outgoing is the index of an edge among those that the stage writes.
func (s *stage) outgoing(e *edge) int {
	for i, x := range s.writes {
		if x == e {
			return i
		}
	}
	return -1
}

// idle reports whether a partition has nothing to do in a run: then its version stays and it sends nothing.
func (r *run) idle(part int) bool {
	if !r.begun || r.stage.clocked || len(r.moved) > 0 || r.stage.parts[part].lost {
		return false
	}
	for i := range r.batch.segments {
		for _, leaf := range r.stage.Leaves {
			if feeds := r.batch.segments[i].feeds[leaf]; feeds != nil && hasFeed(feeds, part, len(r.stage.parts)) {
				return false
			}
		}
	}
	for _, e := range r.stage.reads {
		for _, wrote := range r.batch.runs[e.from.number].blocks[e.from.outgoing(e)] {
			if wrote != nil && wrote[part].rows > 0 {
				return false
			}
		}
	}
	return true
}

// hasFeed reports whether a partition has inputs in a list that is by feed and, within each, by partition.
func hasFeed(feeds []exchange.Input, part, of int) bool {
	for i := part; i < len(feeds); i += of {
		if feeds[i] != nil {
			return true
		}
	}
	return false
}
