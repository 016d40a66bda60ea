package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

func (l *lowering) scan(s *logical.Scan) rel {
	op := &physical.Scan{Relation: s.Relation.OID, Name: s.Schema + "." + s.Relation.Name, Columns: s.Attrs, Arrival: s.Arrival != 0, ByClock: s.ByClock,
		AsOf: physical.E(s.AsOf)}
	l.relations[len(l.plan.Nodes)] = s.Relation
	return l.add(op, nil, rel{cols: s.Output(), props: l.props.Of(s), dist: l.spread()}, "")
}

// values has constant rows, which one task gives.
func (l *lowering) values(v *logical.Values) rel {
	op := &physical.Values{}
	for _, row := range v.Rows {
		for _, e := range row {
			if !logical.ExprCols(e).Empty() {
				panic(sqlerr.Internal("the rule decorrelate has left a column of an outer query in VALUES"))
			}
		}
		op.Rows = append(op.Rows, physical.Exprs(row))
	}
	return l.add(op, nil, rel{cols: v.Cols, props: l.props.Of(v), dist: distribution{single: true}}, "")
}

func (l *lowering) tableFunc(t *logical.TableFunc) rel {
	in := l.lower(t.Input)
	op := &physical.TableFunc{Ordinality: t.Ordinality != 0, Outer: t.Outer}
	for i, c := range t.Calls {
		op.Calls = append(op.Calls, physical.TableCall{Call: l.expr(c, &in), Columns: len(t.Cols[i])})
	}
	cols := slices.Clone(in.cols)
	for _, c := range t.Cols {
		cols = append(cols, c...)
	}
	if t.Ordinality != 0 {
		cols = append(cols, t.Ordinality)
	}
	return l.add(op, []rel{in}, rel{cols: cols, props: l.props.Of(t), dist: in.dist}, "")
}

func (l *lowering) filter(f *logical.Filter) rel {
	in := l.lower(f.Input)
	return l.filterBy(in, f.Conds, l.props.Of(f))
}

func (l *lowering) filterBy(in rel, conds []expr.Node, p *props.Props) rel {
	op := &physical.Filter{Pred: l.expr(expr.NewAnd(conds...), &in)}
	return l.add(op, []rel{in}, rel{cols: in.cols, props: p, dist: in.dist}, "")
}

func (l *lowering) project(p *logical.Project) rel {
	in := l.lower(p.Input)
	op := &physical.Project{}
	cols := make([]logical.ColID, len(p.Items))
	as := map[logical.ColID]logical.ColID{}
	for i, it := range p.Items {
		e := l.expr(it.Expr, &in)
		op.Exprs = append(op.Exprs, e)
		cols[i] = it.Col
		l.names.computed(it.Col, e)
		if c, ok := logical.ColumnOf(it.Expr); ok {
			if _, ok := as[c]; !ok {
				as[c] = it.Col
			}
		}
	}
	return l.add(op, []rel{in}, rel{cols: cols, props: l.props.Of(p), dist: in.dist.rename(as)}, "")
}

// pick gives exactly these columns, in this order and as often as they are named; it is the input itself if that has them so. The second of
// two equal columns gets an identity of its own.
func (l *lowering) pick(in rel, cols []logical.ColID) rel {
	if slices.Equal(in.cols, cols) {
		return in
	}
	op, own := &physical.Project{}, slices.Clone(cols)
	for i, c := range cols {
		op.Exprs = append(op.Exprs, l.expr(l.md.Ref(c), &in))
		if slices.Contains(cols[:i], c) {
			own[i] = l.md.Copy(c)
			l.names.known[own[i]] = l.names.of(c)
		}
	}
	return l.add(op, []rel{in}, rel{cols: own, props: in.props, dist: in.dist}, "")
}

// extend gives expressions columns: their own if they are plain columns, else new ones of a projection above the input.
func (l *lowering) extend(in rel, exprs []expr.Node) (rel, []logical.ColID) {
	cols := make([]logical.ColID, len(exprs))
	var added []expr.Node
	out := rel{cols: slices.Clone(in.cols), props: in.props, dist: in.dist}
	for i, e := range exprs {
		if c, ok := logical.ColumnOf(e); ok {
			cols[i] = c
			continue
		}
		if k := slices.IndexFunc(added, func(a expr.Node) bool { return expr.Equal(a, e) }); k >= 0 && expr.Volatility(e) < fn.Volatile {
			cols[i] = out.cols[len(in.cols)+k]
			continue
		}
		cols[i] = l.md.New(anonymous, e.Type())
		l.names.computed(cols[i], l.expr(e, &in))
		added, out.cols = append(added, e), append(out.cols, cols[i])
	}
	if len(added) == 0 {
		return in, cols
	}
	op := &physical.Project{}
	for _, c := range in.cols {
		op.Exprs = append(op.Exprs, l.expr(l.md.Ref(c), &in))
	}
	for _, e := range added {
		op.Exprs = append(op.Exprs, l.expr(e, &in))
	}
	return l.add(op, []rel{in}, out, ""), cols
}

func (l *lowering) maxOneRow(m *logical.MaxOneRow) rel {
	in := l.byKey(l.lower(m.Input), m.Keys)
	return l.add(&physical.MaxOneRow{Keys: in.positions(m.Keys)}, []rel{in}, rel{cols: in.cols, props: l.props.Of(m), dist: in.dist}, "")
}
