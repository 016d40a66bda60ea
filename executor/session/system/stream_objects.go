package system

import (
	"strings"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// working is a stream, view or sink of the catalog with how it is getting on. What is not at work yet, because its transaction
// has not been committed, has no object.
type working struct {
	rel        *catalog.Relation
	schemaName string
	db         *database.Database
	object     *database.Object
	closed     uint64 // the newest epoch
	lag        int64  // milliseconds
	ended      bool   // a source, to its end
	err        error  // of a source
	// first is the first view with the same computation.
	first *catalog.Relation
}

// atWork are the relations of a kind.
func atWork(kind catalog.Kind) func(*scan, func(working) error) error {
	return func(s *scan, emit func(working) error) error {
		for _, r := range s.cat.Relations() {
			if r.Kind != kind {
				continue
			}
			x := working{rel: r, schemaName: s.schemaName(r.Schema)}
			if list := s.cat.Computed(r.Computation()); len(list) > 0 {
				x.first = list[0]
			}
			if db := s.Running(); db != nil {
				if err := x.observe(db); err != nil {
					return err
				}
			}
			if err := emit(x); err != nil {
				return err
			}
		}
		return nil
	}
}

func (x *working) observe(db *database.Database) error {
	o, ok := db.Object(x.rel.OID)
	if !ok || o.Relation == nil {
		return nil
	}
	x.db, x.object, x.closed = db, o, db.Clock().Closed()
	if o.Source != nil {
		x.ended, x.err = db.Clock().Ended(o.Source)
	}
	var err error
	if frontier := o.Relation.Frontier(); frontier < x.closed {
		x.lag, err = lag(db, frontier)
	}
	return err
}

// lag is for how many milliseconds the first epoch past a frontier has been closed.
func lag(db *database.Database, frontier uint64) (int64, error) {
	it, err := db.Log().Records(frontier + 1)
	if err != nil {
		return 0, err
	}
	defer it.Close()
	if !it.Next() {
		return 0, it.Err()
	}
	return max(0, db.Sched().Now()-it.Record().Time) / 1000, nil
}

// relation is what is at work, or nil.
func (x working) relation() *relation.Relation {
	if x.object == nil {
		return nil
	}
	return x.object.Relation
}

// measure is a figure of what is at work.
func measure(get func(*relation.Relation) types.Datum) func(working) types.Datum {
	return func(x working) types.Datum {
		if r := x.relation(); r != nil {
			return get(r)
		}
		return types.Null
	}
}

// failure is why it has stopped, if it has; own says that the reason is its own, not that of what it reads.
func (x working) failure() (err error, own bool) {
	r := x.relation()
	switch {
	case x.err != nil:
		return x.err, true
	case r == nil:
		return nil, false
	case r.Failure() != nil:
		return r.Failure(), true
	}
	return r.Stopped(), false
}

// status is how it is getting on.
func (x working) status() types.Datum {
	err, own := x.failure()
	switch {
	case x.object == nil:
		return str("starting")
	case own:
		return str("failed")
	case err != nil:
		return str("blocked")
	case x.ended:
		return str("ended")
	case x.object.Job != nil && x.object.Job.Restarting() != nil:
		return str("restarting")
	case x.object.Job != nil && x.object.Job.Done() == 0:
		return str("backfilling")
	}
	return str("running")
}

func (x working) reason() types.Datum {
	err, _ := x.failure()
	if err == nil && x.object != nil && x.object.Job != nil {
		err = x.object.Job.Restarting()
	}
	if err != nil {
		return str(sqlerr.From(err).Message)
	}
	return types.Null
}

func (x working) lateRows() types.Datum {
	if x.object == nil || x.object.Job == nil {
		return types.Null
	}
	return num(x.object.Job.LateRows())
}

// model is how it is executed at the moment, and modelReason why, if that was not given.
func (x working) model() types.Datum {
	model, _ := x.chosen()
	return str(model)
}

func (x working) modelReason() types.Datum {
	if _, why := x.chosen(); why != "" {
		return str(why)
	}
	return types.Null
}

func (x working) chosen() (model, why string) {
	model = database.Execution(x.rel)
	if model == database.Auto && x.db != nil {
		return x.db.Chosen(x.rel.OID)
	}
	return model, ""
}

func (x working) lagMillis() types.Datum {
	if x.object == nil {
		return types.Null
	}
	return num(x.lag)
}

// option is the value of an option of WITH, or what it is when it is not given.
func (x working) option(name, otherwise string) types.Datum {
	if v, ok := x.rel.Option(name); ok {
		return str(strings.ToLower(v))
	}
	return given(otherwise)
}

// computedBy is the view whose computation it has, if that is not its own: they have the same query.
func (x working) computedBy() types.Datum {
	if x.first == nil || x.first.OID == x.rel.OID {
		return types.Null
	}
	return str(x.first.Name)
}

// timestamp is a watermark: null before the first, infinite at the end of a bounded source.
func timestamp(watermark int64) types.Datum {
	if watermark == op.NoWatermark {
		return types.Null
	}
	return num(watermark)
}

// workingValues are the columns that streams, views and sinks share.
var workingValues = values[working]{
	"name":     func(x working) types.Datum { return str(x.rel.Name) },
	"schema":   func(x working) types.Datum { return str(x.schemaName) },
	"status":   working.status,
	"error":    working.reason,
	"frontier": measure(func(r *relation.Relation) types.Datum { return num(r.Frontier()) }),
}
