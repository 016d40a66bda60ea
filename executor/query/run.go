package query

import (
	"context"
	"errors"

	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
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
	mem := state.NewMemory(nil)
	opCtx := op.Context{Env: o.Env, Params: o.Params, Faults: &op.Faults{}, Once: true}
	root := newRoot(plan, out)
	stages := graph.Stages(plan)
	if len(stages) != 1 {
		return sqlerr.Internal("a query that runs once was planned with %d stages", len(stages))
	}
	in, err := graph.NewInstance(plan, stages[0], mem, &opCtx, map[int][]op.Output{graph.RootOutput: {root}})
	if err != nil {
		return err
	}
	defer release(in)
	r := run{ctx: ctx, plan: plan, rel: rel, options: o, op: &opCtx, in: in}
	err = r.all(stages[0].Leaves)
	if err == nil {
		err = root.finish()
	}
	if errors.Is(err, op.ErrDone) {
		err = nil
	}
	if o.Instance != nil {
		o.Instance(in)
	}
	return err
}

// release gives back the operators' state.
func release(in *graph.Instance) {
	for _, s := range in.States() {
		s.State.Release()
	}
	in.Close()
}

type run struct {
	ctx     context.Context
	plan    *physical.Plan
	rel     Relations
	options Options
	op      *op.Context
	in      *graph.Instance
}

// all pushes the leaves' rows through the operators and ends the step.
func (r *run) all(leaves []int) error {
	for _, leaf := range leaves {
		if err := r.leaf(leaf); err != nil {
			return err
		}
	}
	if err := r.in.EndStep(); err != nil {
		return err
	}
	return r.op.Faults.Err()
}

func (r *run) leaf(leaf int) error {
	switch x := r.plan.Nodes[leaf].Op.(type) {
	case *physical.Values:
		b, err := ConstantRows(&r.plan.Nodes[leaf], &expr.Ctx{Env: r.options.Env, Params: r.options.Params})
		if err != nil {
			return err
		}
		return r.push(leaf, b)
	case *physical.Scan:
		if err := r.rel.Scan(r.ctx, x, func(b *vec.Batch) error { return r.push(leaf, b) }); err != nil {
			return err
		}
	}
	return r.in.Watermark(leaf, op.EndOfTime)
}

// push gives a batch to the operators. Nothing is ever taken back, so an error ends the query at once.
func (r *run) push(leaf int, b *vec.Batch) error {
	if err := context.Cause(r.ctx); err != nil {
		return err
	}
	if err := r.in.Push(leaf, b); err != nil {
		return err
	}
	return r.op.Faults.Err()
}
