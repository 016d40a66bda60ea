package job

import (
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
)

// ticksInput is the key of the ticks among the inputs: no relation has it.
const ticksInput = 0

// clocked makes the ticks an input of a job whose output changes as time passes: it cuts at them as at a block of any other, and the time
// of a cut is that of its epoch.
func (j *Job) clocked() {
	if j.cfg.Ticks == nil {
		return
	}
	j.cfg.Inputs[ticksInput] = Input{Relation: j.cfg.Ticks}
	j.ticks = &epoch.Ticks{Relation: j.cfg.Ticks, Due: j.nextDue, Frontier: func() uint64 { return j.Frontier(nil) }}
}

// nextDue is when a row or a window is due, as of where the job has come.
func (j *Job) nextDue() int64 { return min(j.due.Load(), j.closes.Load()) }

// ReplayTicks gives the job the ticks of the log past an epoch, before it starts.
func (j *Job) ReplayTicks(list []relation.Block, after uint64) error {
	if j.ticks == nil {
		return nil
	}
	for _, b := range list {
		if b.Epoch <= after {
			continue
		}
		if err := j.cfg.Ticks.Publish(b); err != nil {
			return err
		}
	}
	return nil
}

// Due is when the clock alone changes the output next: op.EndOfTime for never, 0 while that is not known.
func (j *Job) Due() int64 {
	switch {
	case j.ticks == nil:
		return op.EndOfTime
	case j.Frontier(nil) < j.cfg.Clock.Closed():
		return 0
	}
	return j.nextDue()
}

// trimTicks forgets those that a restart does not go back to.
func (j *Job) trimTicks() {
	if j.ticks == nil {
		return
	}
	upTo := j.done.Load()
	if j.cfg.Durable != nil {
		switch at := j.cfg.Durable(); {
		case at > 0:
			upTo = min(upTo, at)
		case j.cfg.Stepwise: // it would go through all of them
			return
		}
	}
	j.cfg.Ticks.Trim(upTo)
}

// timeOf is the recorded time of an epoch, or of the newest before it that the log still has.
func (j *Job) timeOf(epoch uint64) (int64, error) {
	it, err := j.cfg.Log.Records(epoch)
	if err != nil {
		return 0, err
	}
	defer it.Close()
	if it.Next() && it.Record().Epoch == epoch {
		return it.Record().Time, nil
	}
	return j.cfg.Clock.Now(), it.Err()
}
