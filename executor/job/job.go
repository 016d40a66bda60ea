package job

import (
	"sync"
	"sync/atomic"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/pipelined"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/state"
)

// maxFlying is how many cuts of a job may be under way: enough that its tasks need not wait for one to be published.
const maxFlying = 4

// Input is a relation that a job reads.
type Input struct {
	Relation *relation.Relation
	// Source is the source behind a stream that a connector feeds; nil for other relations.
	Source *epoch.Source
	// Logged says that the relation's rows are in the log: it is a stream that clients write.
	Logged bool
}

// Config is what a job is made of.
type Config struct {
	Name  string
	Plan  *physical.Plan
	Tasks int
	// Inputs are the relations of the plan's scans, by OID.
	Inputs map[uint32]Input
	// Began is the epoch at which the job came to be: its back-fill is its inputs' rows as of it.
	Began uint64
	// Output takes the changes of each cut, in order.
	Output Output
	// Gather makes what a task gathers a cut's changes for Output in; nil: copies of the rows.
	Gather func() connector.Gatherer

	Clock *epoch.Clock
	Log   *changelog.Log
	Sched sched.Scheduler
	Mem   *state.Memory
	Env   fn.Env
	Late  func(b *vec.Batch, rows []int32, watermark int64)
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

	mu       sync.Mutex // guards what follows against Stop and the look-ups of system relations
	driver   *pipelined.Driver
	issued   uint64 // newest cut that was fed
	times    map[uint64]int64
	snapshot request
	stopped  bool
	// marks are the watermarks of the leaves at the cut that was restored, until they have been fed.
	marks []leafMark
}

// request is a snapshot that the job is asked to take part in.
type request struct {
	epoch uint64
	done  func(versions []pipelined.TaskVersion, ok bool)
}

// New makes a job. It does nothing until Start.
func New(cfg Config) (*Job, error) {
	j := &Job{cfg: cfg, times: map[uint64]int64{}}
	j.machine = cfg.Sched.Start("job "+cfg.Name, j.step)
	j.watcher.Wake = j.machine.Wake
	j.reader.Cut = j.done.Load
	var err error
	if j.driver, err = j.newDriver(); err != nil {
		j.machine.Stop()
		return nil, err
	}
	return j, nil
}

func (j *Job) newDriver() (*pipelined.Driver, error) {
	return pipelined.New(pipelined.Config{Name: j.cfg.Name, Plan: j.cfg.Plan, Tasks: j.cfg.Tasks, Sched: j.cfg.Sched,
		Mem: j.cfg.Mem, Env: j.cfg.Env, Late: j.cfg.Late, Gather: j.cfg.Gather, Wake: j.machine.Wake})
}

// StateManifest is one state of an operator as a snapshot has it.
type StateManifest struct {
	Node, Index, Task int
	Manifest          []byte
}

// Restore puts the job at a cut of the past, with the state that it had there, whatever number of tasks it had. It must be called
// before Start.
func (j *Job) Restore(cut uint64, states []StateManifest) error {
	for _, s := range states {
		if err := j.driver.Restore(s.Node, s.Index, s.Manifest); err != nil {
			return err
		}
	}
	var err error
	if j.marks, err = j.marksAt(cut); err != nil {
		return err
	}
	j.issued = cut
	j.done.Store(cut)
	return j.restoreWatermarks(cut)
}

// Start makes the job run.
func (j *Job) Start() {
	for _, in := range j.cfg.Inputs {
		in.Relation.WatchAll(&j.watcher)
		if in.Source != nil {
			j.cfg.Clock.AddReader(in.Source, &j.reader)
		}
	}
	j.cfg.Clock.Watch(&j.watcher)
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
	if j.snapshot.done != nil {
		j.snapshot.done(nil, false)
		j.snapshot = request{}
	}
	j.driver.Close()
}

// detach lets go of the inputs.
func (j *Job) detach() {
	j.cfg.Clock.Unwatch(&j.watcher)
	for _, in := range j.cfg.Inputs {
		in.Relation.UnwatchAll(&j.watcher)
		if in.Source != nil {
			j.cfg.Clock.RemoveReader(in.Source, &j.reader)
		}
	}
}

// Frontier is how far the job's output is complete: as far as its inputs, but not past a block of theirs that it has not
// worked in. The inputs' frontiers are read first, so that a block that comes meanwhile cannot be missed.
func (j *Job) Frontier() uint64 {
	done := j.done.Load()
	if done == 0 {
		return 0
	}
	f := j.inputFrontier()
	if next, ok := j.nextBlock(done); ok && next <= f {
		return next - 1
	}
	return f
}

// inputFrontier is how far all inputs are complete. A job without inputs is as complete as the clock.
func (j *Job) inputFrontier() uint64 {
	f := j.cfg.Clock.Closed()
	for _, in := range j.cfg.Inputs {
		f = min(f, in.Relation.Frontier())
	}
	return f
}

// nextBlock is the first epoch past another at which an input has a block.
func (j *Job) nextBlock(after uint64) (epoch uint64, ok bool) {
	for _, in := range j.cfg.Inputs {
		if b, found, _ := in.Relation.Next(after); found && (!ok || b.Epoch < epoch) {
			epoch, ok = b.Epoch, true
		}
	}
	return epoch, ok
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
func (j *Job) Stats(f func(node, task int, s graph.Stats)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.driver.Stats(f)
}

// StateBytes is the memory of the operators' state.
func (j *Job) StateBytes() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.driver.StateBytes()
}

// step publishes what is complete and feeds what has come.
func (j *Job) step() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.stopped || j.Failure() != nil {
		return false
	}
	results, err := j.driver.Take()
	for i := range results {
		if err == nil {
			err = j.publish(&results[i])
		} else {
			release(results[i].Versions)
		}
	}
	if err != nil {
		j.fail(err)
		return false
	}
	for _, m := range j.marks {
		j.driver.Watermark(m.leaf, m.time)
	}
	j.marks = nil
	for j.driver.Flying() < maxFlying {
		fed, err := j.feedNext()
		if err != nil {
			j.fail(err)
			return false
		}
		if !fed {
			break
		}
	}
	return false
}

// publish makes a complete cut visible.
func (j *Job) publish(r *pipelined.Result) error {
	if r.Err != nil {
		release(r.Versions)
		return r.Err
	}
	epoch := r.Barrier.Epoch
	block := relation.Block{Epoch: epoch, Time: j.times[epoch], Batches: consolidate(r.Batches), Watermark: r.Watermark}
	delete(j.times, epoch)
	j.late.Add(r.LateRows)
	// The output is told before the job's hand moves, but its content and the hand are read by different callers: who sees the
	// new content early sees a cut that is complete, which is all that a reader relies on.
	if err := j.cfg.Output.Publish(block); err != nil {
		release(r.Versions)
		return err
	}
	j.done.Store(epoch)
	if r.Barrier.Snapshot {
		j.snapshot.done(r.Versions, true)
		j.snapshot = request{}
	}
	j.cfg.Output.Fail(nil)
	j.cfg.Clock.Wake()
	return nil
}

// consolidate adds up a cut's changes where some are retractions. Insertions alone need no adding up: they are right as they are.
func consolidate(batches []*vec.Batch) []*vec.Batch {
	for _, b := range batches {
		if b.Weights == nil {
			continue
		}
		if out := vec.Consolidate(batches); out != nil {
			return []*vec.Batch{out}
		}
		return nil
	}
	return batches
}

func release(versions []pipelined.TaskVersion) {
	for _, v := range versions {
		v.Version.Release()
	}
}

// fail stops the job at its last good cut.
func (j *Job) fail(err error) {
	j.failed.Store(&err)
	j.detach()
	if j.snapshot.done != nil {
		j.snapshot.done(nil, false)
		j.snapshot = request{}
	}
	j.cfg.Output.Fail(err)
}

// RequestSnapshot asks the job to cut at an epoch that is not closed yet, and to freeze its state there. done is called
// from the job's step once that cut has been published, with the versions, which it releases; ok is false if there will be
// none, because the job has stopped or is past the epoch.
func (j *Job) RequestSnapshot(epoch uint64, done func(versions []pipelined.TaskVersion, ok bool)) {
	j.mu.Lock()
	if j.stopped || j.Failure() != nil || j.issued >= epoch || j.snapshot.done != nil {
		j.mu.Unlock()
		done(nil, false)
		return
	}
	j.snapshot = request{epoch, done}
	j.mu.Unlock()
	j.machine.Wake()
}

// barrier is the cut at an epoch, with the snapshot if it is asked for there.
func (j *Job) barrier(epoch uint64) exchange.Barrier {
	return exchange.Barrier{Epoch: epoch, Snapshot: j.snapshot.epoch == epoch && epoch != 0}
}
