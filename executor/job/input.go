package job

import (
	"fmt"
	"slices"
	"sync"

	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// feed gives the driver all blocks of the inputs up to a cut, epoch by epoch, and cuts there. The caller holds mu.
func (j *Job) feed(first, cut uint64) error {
	for at := j.issued; ; {
		next, ok, err := j.nextBlock(at)
		if err != nil {
			return err
		}
		if !ok || next > cut {
			break
		}
		if at > j.issued {
			j.driver.Cut(exchange.Barrier{Epoch: at, Within: true})
			j.turn++
		}
		j.feedEpoch(at, next)
		at = next
	}
	j.issued = cut
	j.cut(flight{first: first, cut: cut, time: j.time})
	return nil
}

// feedEpoch feeds the blocks of one epoch, the first past another.
func (j *Job) feedEpoch(after, epoch uint64) {
	for i := range j.cfg.Plan.Nodes {
		scan, isScan := j.cfg.Plan.Nodes[i].Op.(*physical.Scan)
		if !isScan {
			continue
		}
		in := j.cfg.Inputs[scan.Relation]
		if b, found, _ := in.Relation.Next(after); found && b.Epoch == epoch {
			j.time = b.Time
			j.feedBlock(i, scan, in, &b)
			if scan.ByClock && !b.Empty() {
				j.windows.came(b.Time)
			}
		}
	}
	if j.ticks != nil {
		if b, found, _ := j.cfg.Ticks.Next(after); found && b.Epoch == epoch {
			j.time = b.Time
		}
	}
	j.times.reach(epoch, j.time, j.driver.Watermark)
	j.closes.Store(j.windows.due(j.times.clockAt()))
}

// trimmed says that blocks which a job would read are gone.
type trimmed struct {
	relation string
	epoch    uint64
}

func (t *trimmed) Error() string {
	return fmt.Sprintf("the changes of %q past epoch %d are gone", t.relation, t.epoch)
}

// feedBlock feeds one block to a scan: rows in memory go to the tasks in turn, ranges are divided among them.
func (j *Job) feedBlock(leaf int, scan *physical.Scan, in Input, b *relation.Block) {
	switch {
	case len(b.Ranges) > 0:
		j.feedRanges(leaf, scan, in, marked(b))
	case b.Stored != nil:
		j.driver.Feed(leaf, func(task, of int) exchange.Input {
			if task != int(b.Epoch)%of {
				return nil
			}
			return &logged{log: j.cfg.Log, relation: scan.Relation, from: b.Epoch, to: b.Epoch + 1, shape: shapeOf(scan)}
		})
	default:
		j.feedBatches(leaf, b.Batches, shapeOf(scan), origin{b.Epoch, b.Time})
	}
}

// feedBatches feeds rows that are in memory.
func (j *Job) feedBatches(leaf int, list []*vec.Batch, s shape, from origin) {
	j.deal(leaf, func(task, of int) exchange.Input {
		if part := every(list, task, of); len(part) > 0 {
			return &batches{part, s, from}
		}
		return nil
	})
}

// deal gives a leaf rows, of which the first task has the most to do: the tasks take turns, epoch by epoch, in being that one.
func (j *Job) deal(leaf int, share func(task, of int) exchange.Input) {
	turn := j.turn
	j.driver.Feed(leaf, func(task, of int) exchange.Input { return share((task+turn)%of, of) })
}

// every is the batches whose index is first modulo of.
func every(batches []*vec.Batch, first, of int) (out []*vec.Batch) {
	for i := first; i < len(batches); i += of {
		out = append(out, batches[i])
	}
	return out
}

func marked(b *relation.Block) []markedRange {
	out := make([]markedRange, len(b.Ranges))
	for i, r := range b.Ranges {
		out[i] = markedRange{r, origin{b.Epoch, b.Time}, op.NoWatermark}
	}
	return out
}

// wholeRange is how many rows of an epoch go to one task of a micro-batch. There are many epochs in a batch, so all tasks get their part, and
// each sends full batches on: an epoch that is shared by all of them makes a small one from each of them to each that reads.
const wholeRange = 32 << 10

// feedRanges shares ranges of a source among the tasks: by parts of each where the source allows it, else whole to one.
func (j *Job) feedRanges(leaf int, scan *physical.Scan, in Input, list []markedRange) {
	spare := j.spare[leaf]
	if spare == nil {
		spare = &sync.Pool{}
		j.spare[leaf] = spare
	}
	past := slices.ContainsFunc(list, func(r markedRange) bool { return r.watermark != op.NoWatermark })
	part := func(list []markedRange) exchange.Input {
		return &ranges{past: past, source: in.Source.Source, types: in.Relation.Types, shape: shapeOf(scan), list: list, spare: spare}
	}
	divisible := in.Source.Source.Traits().Divisible && (!j.cfg.Mode.Batched || positions(list) > wholeRange)
	j.deal(leaf, func(task, of int) exchange.Input {
		switch {
		case divisible:
			return part(divide(list, task, of))
		case task == 0:
			return part(list)
		}
		return onlyMarks(list)
	})
}

// positions is how many there are in ranges.
func positions(list []markedRange) (n connector.Position) {
	for _, r := range list {
		n += r.To - r.From
	}
	return n
}

// onlyMarks are the watermarks among ranges, for the tasks that have none of their rows to read; nil for none.
func onlyMarks(list []markedRange) exchange.Input {
	var out []mark
	for _, r := range list {
		if r.watermark != op.NoWatermark {
			out = append(out, mark{r.epoch, r.watermark})
		}
	}
	if out == nil {
		return nil
	}
	return &marks{out}
}
