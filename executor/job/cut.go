package job

import (
	"time"

	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/relation"
)

// maxBatchRows is about how many rows a micro-batch takes, so that one that has fallen behind catches up in steps that fit into memory.
const maxBatchRows = 4 << 20

// Frontier is how far the job's output is complete: as far as its inputs, but not past a block of theirs that it has not
// worked in, nor inside of a step of one of them that others have not come to the end of. The inputs' frontiers are read first, so that a block
// that comes meanwhile cannot be missed. known may be nil.
func (j *Job) Frontier(known *relation.Frontiers) uint64 {
	done := j.done.Load()
	if done == 0 {
		return 0
	}
	f := max(done, j.free(j.inputFrontier(known)))
	next, ok, err := j.nextBlock(done)
	switch {
	case err != nil: // a job that has stopped, whose inputs' blocks were not kept for it
		return done
	case ok && next <= f:
		f = next - 1
	case len(j.cfg.Inputs) < 2: // the input says nothing else of itself
		return f
	}
	return max(done, relation.LastCommonCut(f, j.relations()...))
}

// Demand says that somebody waits for an epoch: a micro-batch up to it is not gathered any longer.
func (j *Job) Demand(epoch uint64) {
	for {
		old := j.demanded.Load()
		if epoch <= old {
			return
		}
		if j.demanded.CompareAndSwap(old, epoch) {
			j.machine.Wake()
			return
		}
	}
}

// inputFrontier is how far all inputs are complete. A job without inputs is as complete as the clock.
func (j *Job) inputFrontier(known *relation.Frontiers) uint64 {
	f := j.cfg.Clock.Closed()
	for _, in := range j.cfg.Inputs {
		f = min(f, known.Of(in.Relation))
	}
	return f
}

// nextBlock is the first epoch past another at which an input has a block. It fails if blocks are gone that would come first.
func (j *Job) nextBlock(after uint64) (epoch uint64, ok bool, err error) {
	for _, in := range j.cfg.Inputs {
		b, found, gone := in.Relation.Next(after)
		if gone {
			return 0, false, &trimmed{in.Relation.Name, after}
		}
		if found && (!ok || b.Epoch < epoch) {
			epoch, ok = b.Epoch, true
		}
	}
	return epoch, ok, nil
}

// nextCut is where the job cuts next, and the first epoch of the step; ok is false if nothing is due. The inputs are complete up to the
// cut, and none of them has a step that goes over it.
func (j *Job) nextCut() (first, cut uint64, ok bool, err error) {
	f := j.free(j.inputFrontier(nil))
	next, found, err := j.nextBlock(j.issued)
	if err != nil {
		return 0, 0, false, err
	}
	waiting := found && next <= f
	done := j.done.Load()
	switch s := j.snapshot.epoch; {
	case j.issued < done && !j.cfg.Stepwise: // what was published before a restart is one step
		if f < done {
			return 0, 0, false, nil
		}
		return min(next, done), done, true, nil
	case s > j.issued && s <= f && (!waiting || next > s):
		return s, s, true, nil
	case !waiting:
		return 0, 0, false, nil
	case j.cfg.Mode.Batched:
		if cut = j.batchEnd(next, f); cut == 0 {
			return 0, 0, false, nil
		}
		if j.cfg.Epochwise || j.cfg.Stepwise {
			cut = next
		}
	default:
		cut = next
	}
	if cut = relation.CommonCut(cut, j.relations()...); cut > f { // it goes over no booked epoch, as no input's step does
		return 0, 0, false, nil
	}
	return next, cut, true, nil
}

// relations are the inputs.
func (j *Job) relations() (out []*relation.Relation) {
	for _, in := range j.cfg.Inputs {
		out = append(out, in.Relation)
	}
	return out
}

// batchEnd is the last epoch of the micro-batch that begins with the block of an epoch, 0 if it is still being gathered: until the end
// of its interval, unless somebody waits for it, a snapshot is booked, or a source waits for its readers. f is how far the inputs
// are complete.
func (j *Job) batchEnd(next, f uint64) uint64 {
	end := f
	if b, ok := j.cfg.Clock.Booked(next-1, f); ok {
		end = b
	}
	if j.demanded.Load() < next && j.snapshot.epoch < next && j.recounts.pending == 0 && !j.unpaced() {
		if left := j.gathering(next); left > 0 {
			j.machine.WakeAfter(left)
			return 0
		}
	}
	return j.bounded(next, end)
}

// gathering is how long the batch that begins with an epoch is still to be gathered: to the end of the interval in which its first
// block came. Intervals end at multiples of their length on the clock, so views of one interval are cut together.
func (j *Job) gathering(next uint64) time.Duration {
	interval := max(1, j.cfg.Mode.Interval.Microseconds())
	arrived := j.cfg.Clock.Now()
	for _, in := range j.cfg.Inputs {
		if b, ok, _ := in.Relation.Next(next - 1); ok && b.Epoch == next {
			arrived = b.Time
		}
	}
	end := (arrived/interval + 1) * interval
	return time.Duration(end-j.cfg.Sched.Now()) * time.Microsecond
}

// unpaced reports whether a source runs as fast as its readers: there is nothing to wait for.
func (j *Job) unpaced() bool {
	for _, in := range j.cfg.Inputs {
		if in.Source != nil && !in.Source.Source.Traits().Paced {
			return true
		}
	}
	return false
}

// bounded cuts a batch off before it has too many rows, but not inside its first epoch.
func (j *Job) bounded(next, end uint64) uint64 {
	rows := int64(0)
	for at := next - 1; ; {
		e, ok, err := j.nextBlock(at)
		if err != nil || !ok || e > end {
			return end
		}
		for _, in := range j.cfg.Inputs {
			if b, found, _ := in.Relation.Next(at); found && b.Epoch == e {
				rows += b.Rows()
			}
		}
		if rows > maxBatchRows && e > next {
			return at
		}
		at = e
	}
}

// cut ends a step.
func (j *Job) cut(x flight) {
	if j.snapshot.epoch == x.cut {
		x.marks = j.times.marks()
	}
	j.flying = append(j.flying, x)
	j.driver.Cut(exchange.Barrier{Epoch: x.cut, Time: x.time, Snapshot: x.frozen != nil || j.snapshot.epoch == x.cut && x.cut != 0})
}
