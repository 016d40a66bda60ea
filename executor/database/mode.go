package database

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/streamdb/streamdb/executor/job"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
)

// DefaultBatchInterval is how long a micro-batch is gathered where the view does not say.
const DefaultBatchInterval = 100 * time.Millisecond

// The values of the option execution.
const (
	Pipelined  = "pipelined"
	Microbatch = "microbatch"
	Auto       = "auto"
)

// Execution is the execution option of a view or sink.
func Execution(r *catalog.Relation) string {
	if v, ok := r.Option("execution"); ok {
		return strings.ToLower(v)
	}
	return Pipelined
}

// Mode is how a view or sink is to be executed, by its options.
func (d *Database) Mode(r *catalog.Relation) job.Mode {
	batched := Execution(r) == Microbatch
	if Execution(r) == Auto {
		batched = d.auto.batched(r.OID)
	}
	return job.Mode{Batched: batched, Interval: BatchInterval(r), Tasks: d.Tasks(r)}
}

// lateAbove reports whether rows of a plan's output may be late for who reads them: it has a watermark column behind which late rows come.
func lateAbove(plan *physical.Plan) bool {
	p := plan.Output().Props
	return slices.ContainsFunc(p.Watermarks, func(c int) bool { return !slices.Contains(p.Closed, c) })
}

// Tasks is how many tasks of a view may run at once.
func (d *Database) Tasks(r *catalog.Relation) int {
	if v, ok := r.Option("parallelism"); ok {
		if n, err := strconv.Atoi(v); err == nil && n > 0 {
			return min(n, state.Groups)
		}
	}
	return max(1, min(d.cfg.Tasks, state.Groups))
}

// BatchInterval is the batch_interval of a view or sink.
func BatchInterval(r *catalog.Relation) time.Duration {
	if text, ok := r.Option("batch_interval"); ok {
		if t, ok := duration(text); ok {
			return t
		}
	}
	return DefaultBatchInterval
}

// duration reads an interval of the catalog, which was checked when it got there.
func duration(text string) (time.Duration, bool) {
	d, err := (*types.Env)(nil).ParseText(types.T(types.Interval), []byte(text))
	if err != nil {
		return 0, false
	}
	months, days, micros := d.W.Interval()
	return time.Duration(months)*30*24*time.Hour + time.Duration(days)*24*time.Hour + time.Duration(micros)*time.Microsecond, true
}

// SameOption reports whether an option has a value already, given or by default.
func (d *Database) SameOption(r *catalog.Relation, o catalog.Option) bool {
	altered := *r
	altered.Options = append([]catalog.Option{o}, r.Options...) // the first one counts
	switch o.Name {
	case "execution":
		return Execution(r) == Execution(&altered)
	case "parallelism", "batch_interval":
		return d.Mode(r) == d.Mode(&altered)
	}
	was, ok := r.Option(o.Name)
	a, valid := duration(o.Value)
	b, _ := duration(was)
	return valid && a == b || !ok && valid && a == 0
}

// stored reads the newest snapshot of a view or sink whose job is to go on from it; nil if there is none. Content that the snapshot has of
// the relation is not part of it: what a running job has published stays.
func (d *Database) stored(r *catalog.Relation) (*job.Snapshot, error) {
	x, err := d.snapshots.newestOf(r)
	if x == nil || err != nil {
		return nil, err
	}
	if resumed, err := d.resumedSince(r.Computation(), x.epoch); resumed || err != nil {
		return nil, err
	}
	return &job.Snapshot{Cut: x.epoch, States: x.states, Marks: x.marks}, nil
}

// durable is the epoch of that snapshot, of a computation or a table.
func (d *Database) durable(of uint32) uint64 {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.snapshots.durable[of]
}

// setDurable says which snapshot has it after a restart. Jobs that were restored before have begun to ask.
func (d *Database) setDurable(of uint32, epoch uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.snapshots.durable[of] = epoch
}
