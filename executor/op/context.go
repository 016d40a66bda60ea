package op

import (
	"errors"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// ErrDone is returned by an Output that wants no more rows (a LIMIT is full, a cursor closed). Operators pass it up.
var ErrDone = errors.New("no more rows are wanted")

// Context is an operator's surroundings. One task's operators share one.
type Context struct {
	// Env is what expressions may know. Its Now is the epoch's recorded time, set by the driver before the epoch's rows.
	Env fn.Env
	// Time is the recorded time of the cut's epoch, set by the driver before the step ends; 0 in a step that only lets watermarks through.
	Time int64
	// Epoch is that of the rows which a leaf pushes, set by the driver before each batch: it counts only below the first exchange. 0 is that of
	// the content of a relation, and of an ad hoc query's rows.
	Epoch uint64
	// Params are the arguments of a prepared statement's parameters; nil in views.
	Params []types.Datum
	// Once says that there will be one step and no other (an ad hoc query): state that only a later step would read need not be
	// kept.
	Once bool
	// Faults collects the step's run-time errors.
	Faults *Faults
	// Late takes rows that came too late, with the watermark that they were behind (nil: they are only counted). Rows that windows refuse
	// because their event time is null or infinite come with NoWatermark.
	Late func(b *vec.Batch, rows []int32, watermark int64)
	// LateRows counts them.
	LateRows int64
}

// Faults are the run-time errors of a step as a Z-set: an error of a row with weight w counts w, so the error of a row that
// is gone again by the cut is gone too (DESIGN 1.6 and 1.7).
//
// It is a list and not a map, as there are few and their order must not depend on chance.
type Faults struct {
	list []fault
	// Limit is how many different faults are kept; past it the step fails at once (a view cannot be right any more unless
	// all of them are taken back). 0 means 10,000.
	Limit int
}

type fault struct {
	row    uint64
	weight int64
	err    error
}

// Add records that a row (by identity hash) of a weight failed with err. At the limit it returns err.
func (f *Faults) Add(row uint64, weight int64, err error) error {
	for i := range f.list {
		x := &f.list[i]
		if x.row == row && x.err.Error() == err.Error() {
			x.weight += weight
			return nil
		}
	}
	limit := f.Limit
	if limit == 0 {
		limit = 10_000
	}
	if len(f.list) >= limit {
		return err
	}
	f.list = append(f.list, fault{row, weight, err})
	return nil
}

// Err is the first error whose row is there at the cut, or nil.
func (f *Faults) Err() error {
	for _, x := range f.list {
		if x.weight != 0 {
			return x.err
		}
	}
	return nil
}

// Reset forgets the step's faults.
func (f *Faults) Reset() { f.list = f.list[:0] }

// Merge adds another task's faults of the same step.
func (f *Faults) Merge(g *Faults) error {
	for _, x := range g.list {
		if err := f.Add(x.row, x.weight, x.err); err != nil {
			return err
		}
	}
	return nil
}
