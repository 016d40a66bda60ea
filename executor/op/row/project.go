package row

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/vec"
)

// Project computes columns. A column that is passed on is the input's vector itself.
type Project struct {
	stateless
	exprs []*expr.Program
	eval  *op.Evaluator
	out   vec.Batch
}

// NewProject makes the operator of a Project node.
func NewProject(n *physical.Project) (*Project, error) {
	p := &Project{exprs: make([]*expr.Program, len(n.Exprs))}
	for i, e := range n.Exprs {
		var err error
		if p.exprs[i], err = expr.Compile(e.Node); err != nil {
			return nil, err
		}
	}
	p.out.Cols = make([]*vec.Vector, len(p.exprs))
	return p, nil
}

// Open implements op.Operator.
func (p *Project) Open(ctx *op.Context) error {
	p.eval = op.NewEvaluator(ctx)
	return nil
}

// Push implements op.Operator.
func (p *Project) Push(_ int, b *vec.Batch, out op.Output) error {
	for i, e := range p.exprs {
		p.out.Cols[i] = e.Eval(p.eval.Ctx(), b)
	}
	sel, err := p.eval.Settle(b, b.Sel)
	if err != nil {
		return err
	}
	p.out.N, p.out.Sel, p.out.Weights = b.N, sel, b.Weights
	return out.Batch(&p.out)
}
