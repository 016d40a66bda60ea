package query

import (
	"context"
	"errors"

	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Relations give the rows of a statement's relations, all as of one epoch.
type Relations interface {
	// Scan emits the rows of a scan's relation, with the scan's columns: what is there, with positive weights.
	Scan(ctx context.Context, s *physical.Scan, emit func(*vec.Batch) error) error
}

// Options are the surroundings of a run.
type Options struct {
	Env    fn.Env
	Params []types.Datum
	// Instance, if set, is told of the operators when the query has ended: EXPLAIN ANALYZE reads their counters.
	Instance func(*graph.Instance)
}

// Run executes a plan and gives out its rows; a batch is out's until it returns. If out returns op.ErrDone the query ends, without
// an error. Hidden columns are not given out.
func Run(ctx context.Context, plan *physical.Plan, rel Relations, o Options, out func(*vec.Batch) error) error {
	p, err := Prepare(plan)
	if err != nil {
		return err
	}
	return p.Run(ctx, rel, o, out)
}

// run is a plan's operators, with what one execution at a time is about.
type run struct {
	ctx    context.Context
	rel    Relations
	op     op.Context
	faults op.Faults
	root   root
	in     *graph.Instance
	leaves []leaf
}

// leaf is where rows come in: a relation's, or constants.
type leaf struct {
	node   int
	scan   *physical.Scan
	values *constants
	push   func(*vec.Batch) error
}

// newRun makes the operators of a plan of one stage.
func newRun(plan *physical.Plan, stage *graph.Stage) (*run, error) {
	r := &run{root: newRoot(plan)}
	r.op = op.Context{Faults: &r.faults, Once: true}
	for _, node := range stage.Leaves {
		l := leaf{node: node, push: func(b *vec.Batch) error { return r.push(node, b) }}
		switch x := plan.Nodes[node].Op.(type) {
		case *physical.Scan:
			l.scan = x
		case *physical.Values:
			var err error
			if l.values, err = compileRows(&plan.Nodes[node]); err != nil {
				return nil, err
			}
		}
		r.leaves = append(r.leaves, l)
	}
	return r, nil
}

// open makes the operators.
func (r *run) open(plan *physical.Plan, stage *graph.Stage) (err error) {
	r.in, err = graph.NewInstance(plan, stage, state.NewMemory(nil), &r.op, map[int][]op.Output{graph.RootOutput: {&r.root}})
	return err
}

// begin says what the next execution is about, and end forgets it.
func (r *run) begin(ctx context.Context, rel Relations, o *Options, out func(*vec.Batch) error) {
	r.ctx, r.rel, r.root.out = ctx, rel, out
	r.op.Env, r.op.Params = o.Env, o.Params
}

func (r *run) end() {
	r.ctx, r.rel, r.root.out, r.root.view = nil, nil, nil, vec.Batch{}
	r.op.Env, r.op.Params = nil, nil
}

// all pushes the leaves' rows through the operators and ends the step.
func (r *run) all() error {
	for i := range r.leaves {
		if err := r.read(&r.leaves[i]); err != nil {
			return err
		}
	}
	if err := r.in.EndStep(); err != nil {
		return err
	}
	if err := r.faults.Err(); err != nil {
		return err
	}
	return r.root.finish()
}

func (r *run) read(l *leaf) error {
	switch {
	case l.values != nil:
		b, err := l.values.rows(&expr.Ctx{Env: r.op.Env, Params: r.op.Params})
		if err != nil {
			return err
		}
		if err := l.push(b); err != nil {
			return err
		}
	case l.scan != nil:
		if err := r.rel.Scan(r.ctx, l.scan, l.push); err != nil {
			return err
		}
	}
	return r.in.Watermark(l.node, op.EndOfTime)
}

// push gives a batch to the operators. Nothing is ever taken back, so an error ends the query at once.
func (r *run) push(leaf int, b *vec.Batch) error {
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	if err := r.in.Push(leaf, b); err != nil {
		return err
	}
	return r.faults.Err()
}

// release gives back the operators' state.
func (r *run) release() {
	for _, s := range r.in.States() {
		s.State.Release()
	}
	r.in.Close()
}

// ended is the error of a run, if it is one: who wants no more rows is content.
func ended(err error) error {
	if errors.Is(err, op.ErrDone) {
		return nil
	}
	return err
}
