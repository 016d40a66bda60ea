package job

import (
	"math"
	"time"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/microbatch"
	"github.com/streamdb/streamdb/executor/pipelined"
)

// Mode is how a job is executed. It can be changed while the job runs.
type Mode struct {
	// Batched runs it in micro-batches; else its operators run all the time.
	Batched bool
	// Interval is how long input is gathered for a micro-batch at most.
	Interval time.Duration
	// Tasks is how many tasks may run at once.
	Tasks int
}

const (
	// maxFlying is how many cuts may be under way at most: enough that tasks need not wait for one to be published.
	maxFlying = 4
	// maxBatches is how many micro-batches may be while the workers have enough to do: while one runs the next can be cut. What comes
	// meanwhile is gathered into a larger one, which costs less.
	maxBatches = 2
)

// mayFly reports whether another cut may be under way.
func (j *Job) mayFly() bool {
	n := len(j.flying)
	if !j.cfg.Mode.Batched || n < maxBatches || n >= maxFlying {
		return n < maxFlying
	}
	b, ok := j.driver.(driver.Batcher)
	return ok && b.Starved()
}

// newDriver makes the driver of the job's mode.
func (j *Job) newDriver() (driver.Driver, error) {
	cfg := driver.Config{Name: j.cfg.Name, Plan: j.cfg.Plan, Tasks: j.cfg.Mode.Tasks, Sched: j.cfg.Sched, Mem: j.cfg.Mem, Env: j.cfg.Env,
		Gather: j.cfg.Gather, Wake: j.machine.Wake, Durable: j.cfg.Durable, Faults: j.cfg.Faults, Scratch: j.cfg.Scratch}
	if j.cfg.Mode.Batched {
		return microbatch.New(cfg)
	}
	return pipelined.New(cfg)
}

// renewDriver puts a new driver in the place of the old one, which it closes. If none can be made the closed one stays.
func (j *Job) renewDriver() error {
	j.driver.Close()
	d, err := j.newDriver()
	if err == nil {
		j.driver = d
	}
	return err
}

// Batches are the newest micro-batches of the job, oldest first; none where it runs all the time.
func (j *Job) Batches() []driver.BatchInfo {
	j.mu.Lock()
	defer j.mu.Unlock()
	if b, ok := j.driver.(driver.Batcher); ok {
		return b.Batches()
	}
	return nil
}

// Base is the epoch past which the job's driver may read its inputs once more, though they are in a stored snapshot.
func (j *Job) Base() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	if b, ok := j.driver.(driver.Batcher); ok {
		return b.Base()
	}
	return math.MaxUint64
}

// Lineage is what the job's driver has made again of what was lost.
func (j *Job) Lineage() driver.LineageInfo {
	j.mu.Lock()
	defer j.mu.Unlock()
	if b, ok := j.driver.(driver.Batcher); ok {
		return b.Lineage()
	}
	return driver.LineageInfo{}
}

// Waiting is for how many microseconds the first change of the inputs has waited that the job has not published, at a time; 0 if none has.
func (j *Job) Waiting(now int64) int64 {
	done := j.done.Load()
	next, ok, err := j.nextBlock(done)
	if !ok || err != nil {
		return 0
	}
	waited := int64(0)
	for _, in := range j.cfg.Inputs {
		if b, found, _ := in.Relation.Next(done); found && b.Epoch == next {
			waited = max(waited, now-b.Time)
		}
	}
	return waited
}
