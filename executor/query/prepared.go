package query

import (
	"context"

	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// Prepared is a plan that is run again and again: the statement of a session. It has one user at a time; a run may begin while
// another one is suspended in the middle (portals with a row limit).
//
// Where a plan reads a few rows and its operators keep nothing from run to run, making the operators costs more than running them:
// they, with their compiled expressions and vectors, are kept for the next run.
type Prepared struct {
	plan  *physical.Plan
	stage *graph.Stage
	// lasting says that the operators can be used again; idle are those that wait for it.
	lasting bool
	idle    *run
}

// Prepare makes a plan ready. Its nodes must not change any more.
func Prepare(plan *physical.Plan) (*Prepared, error) {
	stages := graph.Stages(plan)
	if len(stages) != 1 {
		return nil, sqlerr.Internal("a query that runs once was planned with %d stages", len(stages))
	}
	return &Prepared{plan: plan, stage: stages[0], lasting: lasting(plan)}, nil
}

// lasting reports whether all of a plan's operators are without state, and its input is of a few rows: what is kept shall not be
// the buffers of large scans.
func lasting(plan *physical.Plan) bool {
	if len(plan.Root().OrderBy) > 0 {
		return false
	}
	for i := range plan.Nodes {
		switch x := plan.Nodes[i].Op.(type) {
		case *physical.Scan:
			if len(x.Lookup) == 0 {
				return false
			}
		case *physical.Values, *physical.Filter, *physical.Project, *physical.Root:
		default:
			return false
		}
	}
	return true
}

// Run is Run of the prepared plan.
func (p *Prepared) Run(ctx context.Context, rel Relations, o Options, out func(*vec.Batch) error) error {
	r := p.idle
	p.idle = nil
	if r == nil {
		var err error
		if r, err = newRun(p.plan, p.stage); err != nil {
			return err
		}
	}
	r.begin(ctx, rel, &o, out)
	if r.in == nil {
		if err := r.open(p.plan, p.stage); err != nil {
			return err
		}
	}
	err := r.all()
	if o.Instance != nil && ended(err) == nil {
		o.Instance(r.in)
	}
	if p.lasting && err == nil && o.Instance == nil {
		r.end()
		p.idle = r
		return nil
	}
	r.release()
	return ended(err)
}
