package txn

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// rowMaker computes rows by a list of expressions; the first error of any row is the statement's.
type rowMaker struct {
	programs []*expr.Program
	ctx      expr.Ctx
	err      error
}

func (t *Txn) newRowMaker(exprs []physical.Expr, params []types.Datum) (*rowMaker, error) {
	m := &rowMaker{programs: make([]*expr.Program, len(exprs))}
	m.ctx = expr.Ctx{Env: t.Env, Params: params, Fail: func(_ int32, err error) {
		if m.err == nil {
			m.err = err
		}
	}}
	for i, e := range exprs {
		var err error
		if m.programs[i], err = expr.Compile(e.Node); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// rows computes the selected rows of b: a batch without a selection, which is valid as long as b is and until the next call.
func (m *rowMaker) rows(b *vec.Batch) (*vec.Batch, error) {
	out := &vec.Batch{Cols: make([]*vec.Vector, len(m.programs)), N: b.Rows()}
	for i, p := range m.programs {
		v := p.Eval(&m.ctx, b)
		if m.err != nil {
			return nil, m.err
		}
		if b.Sel == nil && !v.Const {
			out.Cols[i] = v
			continue
		}
		out.Cols[i] = vec.New(v.Type, out.N)
		out.Cols[i].AppendSelected(v, b.Sel, b.N)
	}
	return out, nil
}

// isFalse gives the rows of b for which a condition is false (not null), and isTrue those for which it is true.
func (m *rowMaker) isFalse(i int, b *vec.Batch) (rows []int32, err error) {
	return m.where(i, b, func(v uint8, null bool) bool { return !null && v == 0 })
}

func (m *rowMaker) isTrue(i int, b *vec.Batch) (rows []int32, err error) {
	return m.where(i, b, func(v uint8, null bool) bool { return !null && v != 0 })
}

func (m *rowMaker) where(i int, b *vec.Batch, keep func(v uint8, null bool) bool) (rows []int32, err error) {
	v := m.programs[i].Eval(&m.ctx, b)
	if m.err != nil {
		return nil, m.err
	}
	for k := range b.Rows() {
		at := b.Row(k)
		value := at
		if v.Const {
			value = 0
		}
		if keep(v.Bool[value], v.IsNull(at)) {
			rows = append(rows, int32(at))
		}
	}
	return rows, nil
}
