package job

import (
	"sync"
	"sync/atomic"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/scratch"
	"github.com/streamdb/streamdb/storage/state"
)

// Input is a relation that a job reads.
type Input struct {
	Relation *relation.Relation
	// Source is the source behind a stream that a connector feeds; nil for other relations.
	Source *epoch.Source
	// Logged says that the relation's rows are in the log: it is a stream that clients write.
	Logged bool
	// Timed says that the relation has event time, and so a watermark to wait for.
	Timed bool
}

// Config is what a job is made of.
type Config struct {
	Name string
	Plan *physical.Plan
	Mode Mode
	// Inputs are the relations of the plan's scans, by OID.
	Inputs map[uint32]Input
	// Epochwise says that who reads the output may judge its rows by the watermark in force before their epoch, or goes by when they came:
	// then a micro-batch cuts at each epoch that it has gathered, as a block has one watermark and one time.
	Epochwise bool
	// Stepwise says that the output follows from each change of the inputs, and not from their sum: the job cuts at each epoch that changes
	// them, also where it goes through them again, and never begins with the sum of what came since Began.
	Stepwise bool
	// Began is the epoch at which the job came to be: its back-fill is its inputs' rows as of it.
	Began uint64
	// Recounts are the epochs, ascending, at which the job has counted anew, or will, with the rows that were late (Recount).
	Recounts []uint64
	// Recounted is told, before the block of one is published, that it is the whole result; nil of a job that has none.
	Recounted func()
	// Ticks is the relation of the epochs at which time alone changes the output; nil where it does not.
	Ticks *relation.Relation
	// Output takes the changes of each cut, in order.
	Output Output
	// Gather makes what a task gathers a cut's changes for Output in; nil: copies of the rows.
	Gather func() connector.Gatherer

	Clock *epoch.Clock
	Log   *changelog.Log
	Sched sched.Scheduler
	Mem   *state.Memory
	Env   fn.Env
	// Late takes rows that were left out at a cut as late; nil: they are only counted.
	Late func(cut uint64, rows []driver.LateRows)
	// Stored reads the newest snapshot that the job can go on from; nil if there is none.
	Stored func() (*Snapshot, error)
	// Anew is why the job cannot begin again without a snapshot: rows that it has read are gone. nil: it always can.
	Anew func() error
	// Durable is the cut of that snapshot; 0 if there is none.
	Durable func() uint64
	// Scratch takes what the driver has too much of for memory; nil: it does without.
	Scratch *scratch.File
	// Faults are the places that are to fail, in tests and benchmarks; nil: none.
	Faults *failpoint.Set
}

// Snapshot is the state of a job's operators at a cut.
type Snapshot struct {
	Cut    uint64
	States []driver.State
	// Marks are the watermarks of the plan's scans.
	Marks []int64
	// Aligned is for how many microseconds the barrier waited at most in a task for the other inputs.
	Aligned int64
}

// Output is where a job's changes go: a view's relation, or a sink.
type Output interface {
	// Publish takes the changes of a cut. They may be empty.
	Publish(b relation.Block) error
	// Fail tells why the job has stopped; nil says that it runs again.
	Fail(err error)
}

// Job is a running view or sink.
type Job struct {
	cfg     Config
	machine sched.Machine
	reader  epoch.Reader
	watcher relation.Watcher
	done    atomic.Uint64 // newest cut that was published; 0 before the back-fill
	late    atomic.Int64
	failed  atomic.Pointer[error]

	due      atomic.Int64  // when the clock alone changes the output next, as of the newest cut that has completed
	closes   atomic.Int64  // when the next window closes by the clock, as of what was fed
	ticks    *epoch.Ticks  // nil without Config.Ticks
	demanded atomic.Uint64 // newest epoch that somebody waits for
	gathers  atomic.Bool   // a micro-batch is gathered, and none waits to run
	runs     atomic.Bool   // micro-batches of sources with a pace of their own are run
	fed      atomic.Uint64 // issued, for who has not mu
	stride   atomic.Int64  // how long an epoch of an unpaced source should take, in nanoseconds; 0: as usual
	held     atomic.Uint64 // the epoch of the next recount, past which nothing goes; 0: none

	mu     sync.Mutex // guards what follows against Stop and the look-ups of system relations
	driver driver.Driver
	issued uint64   // newest cut that was fed
	flying []flight // cuts that were fed and are not complete, in order
	time   int64    // recorded time of the newest epoch that was fed
	turn   int      // of the tasks to have the most of an epoch within a step
	// origin is the cut whose inputs' rows a driver that begins without state is fed at first; booking keeps it one until then.
	origin   uint64
	booking  epoch.Booking
	began    uint64 // the first cut of what the output has
	snapshot request
	change   *change
	restarts restarts
	recounts recounts
	stopped  bool
	times    times // as of issued
	windows  clockWindows
	spare    map[int]*sync.Pool // batches to read a source's rows into, by scan
}

// flight is a cut under way.
type flight struct {
	first, cut uint64 // the first epoch of the step; 0 of a back-fill
	time       int64
	marks      []int64 // of the scans, if the cut is that of a snapshot
	recount    bool
	// frozen takes the state at a cut that changes nothing; nil of all others.
	frozen func(states []driver.State)
}

// request is a snapshot that the job is asked to take part in.
type request struct {
	epoch uint64
	done  func(s *Snapshot)
}

// New makes a job. It does nothing until Start.
func New(cfg Config) (*Job, error) {
	j := &Job{cfg: cfg, origin: cfg.Began, began: cfg.Began, booking: cfg.Clock.BookAt(cfg.Began),
		times: newTimes(cfg.Plan, cfg.Inputs), windows: newClockWindows(cfg.Plan), spare: map[int]*sync.Pool{}, recounts: recounts{epochs: cfg.Recounts}}
	j.closes.Store(op.EndOfTime)
	j.await(cfg.Began)
	j.machine = cfg.Sched.Start("job "+cfg.Name, j.step)
	j.watcher.Wake = j.machine.Wake
	j.reader.Cut, j.reader.Epoch = j.pace, j.epochLength
	j.clocked()
	var err error
	if j.driver, err = j.newDriver(); err != nil {
		j.machine.Stop()
		j.releaseBookings()
		return nil, err
	}
	return j, nil
}

// GoByEpochs makes the job Epochwise from its next step on.
func (j *Job) GoByEpochs() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.cfg.Epochwise = true
}

// Restore puts the job at a cut of the past, with the state that it had there, whatever tasks it had. It must be called before Start.
func (j *Job) Restore(s *Snapshot) error {
	j.booking.Release()
	j.began = s.Cut
	j.done.Store(s.Cut)
	j.await(s.Cut)
	if err := j.resume(s); err != nil {
		return err
	}
	if at := j.times.clockAt(); at != op.NoWatermark && at != op.EndOfTime {
		j.windows.unknown(at) // what is open is in the operators' states
		j.closes.Store(j.windows.due(at))
	}
	return nil
}

// Refuse stops a job that cannot go on before it has started.
func (j *Job) Refuse(err error) {
	j.releaseBookings()
	j.failed.Store(&err)
	j.cfg.Output.Fail(err)
}

// resume goes on from a state: the driver takes it, and the leaves' watermarks run through it. That step has no time, as nobody would take
// what comes of one: a job that begins again may have been further.
func (j *Job) resume(s *Snapshot) error {
	if err := j.driver.Restore(s.States); err != nil {
		return err
	}
	j.times.begin(s.Marks)
	j.issued = s.Cut
	j.remark(s.Cut)
	j.cut(flight{first: s.Cut, cut: s.Cut})
	return nil
}

// Start makes the job run.
func (j *Job) Start() {
	for _, in := range j.cfg.Inputs {
		in.Relation.WatchAll(&j.watcher)
		if in.Source != nil {
			j.cfg.Clock.AddReader(in.Source, &j.reader)
		}
	}
	if j.ticks != nil {
		j.cfg.Clock.AddTicks(j.ticks)
	}
	j.cfg.Clock.Notify(&j.watcher, j.cfg.Began) // the back-fill waits for it
	j.machine.Wake()
}

// Stop ends the job and gives back its state. What it published stays.
func (j *Job) Stop() {
	j.detach()
	j.machine.Stop()
	j.machine.Join()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.stopped = true
	j.refuseSnapshot()
	j.releaseBookings()
	j.driver.Close()
}

func (j *Job) releaseBookings() {
	j.booking.Release()
	j.recounts.release(func(uint64) bool { return true })
}

// detach lets go of the inputs.
func (j *Job) detach() {
	if j.ticks != nil {
		j.cfg.Clock.RemoveTicks(j.ticks)
	}
	for _, in := range j.cfg.Inputs {
		in.Relation.UnwatchAll(&j.watcher)
		if in.Source != nil {
			j.cfg.Clock.RemoveReader(in.Source, &j.reader)
		}
	}
}

// Done is the newest cut that was published.
func (j *Job) Done() uint64 { return j.done.Load() }

// LateRows is how many rows were left out as late.
func (j *Job) LateRows() int64 { return j.late.Load() }

// Failure is why the job has stopped, or nil.
func (j *Job) Failure() error {
	if err := j.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// Stats calls f with the counters of the job's operators.
func (j *Job) Stats(f func(driver.Stat)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	failed := j.Failure() != nil
	j.driver.Stats(func(s driver.Stat) {
		if failed {
			s.StateBytes = 0
		}
		f(s)
	})
}

// Worked is for how many microseconds as many tasks as may run at once have worked since the driver was made: about as long would it take to go
// through all of that again.
func (j *Job) Worked() (us int64) {
	j.Stats(func(s driver.Stat) { us += s.Worked })
	return us / int64(max(1, j.Mode().Tasks))
}

// StateBytes is the memory of the operators' state.
func (j *Job) StateBytes() (n int64) {
	j.Stats(func(s driver.Stat) { n += s.StateBytes })
	return n
}

// fail stops the job at its last good cut. Its driver's memory and its bookings go at once: another job takes its place if it is resumed.
func (j *Job) fail(err error) {
	j.failed.Store(&err)
	j.detach()
	j.refuseSnapshot()
	j.driver.Close()
	j.flying = nil
	if j.change != nil {
		j.change.abandon()
	}
	j.releaseBookings()
	j.cfg.Output.Fail(err)
}
