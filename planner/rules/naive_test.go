package rules_test

import (
	"errors"
	"fmt"
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// row is a row of a naive evaluation: the value of each column.
type row map[logical.ColID]types.Datum

// naive evaluates logical plans by their definition: a dependent join runs its right side for each left row. It is what rules are
// held against.
type naive struct {
	md     *logical.Columns
	tables map[string][]row // by relation; the keys are attributes
	progs  map[expr.Node]*program
	shared map[logical.Node][]row
}

type program struct {
	p    *expr.Program
	cols []logical.ColID
}

// errManyRows is MaxOneRow's.
var errManyRows = errors.New("more than one row")

// failure is a run-time error of the query.
type failure struct{ err error }

// run evaluates a plan; err is a run-time error that the query has.
func (e *naive) run(n logical.Node) (rows []row, err error) {
	defer func() {
		if f, ok := recover().(failure); ok {
			err = f.err
		} else if f := recover(); f != nil {
			panic(f)
		}
	}()
	return e.rows(n, row{}), nil
}

// eval computes an expression over a row.
func (e *naive) eval(x expr.Node, r row) types.Datum {
	p := e.progs[x]
	if p == nil {
		p = &program{cols: logical.ExprCols(x).List()}
		at := map[int]int{}
		for i, c := range p.cols {
			at[int(c)] = i
		}
		var err error
		if p.p, err = expr.Compile(expr.MapColumns(x, func(i int) int { return at[i] })); err != nil {
			panic(err)
		}
		e.progs[x] = p
	}
	cols := make([]*vec.Vector, len(p.cols))
	for i, c := range p.cols {
		d, ok := r[c]
		if !ok {
			panic(fmt.Sprintf("%s reads column %d, which nothing gives", x, c))
		}
		cols[i] = vec.New(e.md.Type(c), 1)
		cols[i].Append(d)
	}
	var errs expr.Errors
	v := p.p.EvalRows(&expr.Ctx{Fail: errs.Fail}, cols, 1, nil)
	if err := errs.First(); err != nil {
		panic(failure{err})
	}
	d := v.Datum(0)
	d.B = slices.Clone(d.B)
	return d
}

func (e *naive) holds(conds []expr.Node, r row) bool {
	for _, c := range conds {
		if d := e.eval(c, r); d.Null || !d.Bool() {
			return false
		}
	}
	return true
}

func with(r, s row) row {
	out := make(row, len(r)+len(s))
	for c, d := range r {
		out[c] = d
	}
	for c, d := range s {
		out[c] = d
	}
	return out
}

// only gives the columns of a row that a node has: what an operator sees of outer columns must not leak through it.
func only(r row, cols []logical.ColID) row {
	out := make(row, len(cols))
	for _, c := range cols {
		d, ok := r[c]
		if !ok {
			panic(fmt.Sprintf("no column %d", c))
		}
		out[c] = d
	}
	return out
}

func (e *naive) rows(n logical.Node, outer row) []row {
	closed := logical.Free(n).Empty()
	if rows, ok := e.shared[n]; ok && closed {
		return rows
	}
	var out []row
	for _, r := range e.node(n, outer) {
		out = append(out, only(r, n.Output()))
	}
	if closed {
		e.shared[n] = out
	}
	return out
}

func (e *naive) node(n logical.Node, outer row) []row {
	switch n := n.(type) {
	case *logical.Scan:
		return e.scan(n)
	case *logical.Values:
		return e.values(n, outer)
	case *logical.Filter:
		var out []row
		for _, r := range e.rows(n.Input, outer) {
			if e.holds(n.Conds, with(outer, r)) {
				out = append(out, r)
			}
		}
		return out
	case *logical.Project:
		var out []row
		for _, r := range e.rows(n.Input, outer) {
			o := row{}
			for _, it := range n.Items {
				o[it.Col] = e.eval(it.Expr, with(outer, r))
			}
			out = append(out, o)
		}
		return out
	case *logical.MaxOneRow:
		rows := e.rows(n.Input, outer)
		for _, g := range e.groups(rows, n.Keys) {
			if len(g) > 1 {
				panic(failure{errManyRows})
			}
		}
		return rows
	case *logical.Join:
		return e.join(n, outer)
	case *logical.Asof:
		return e.asof(n, outer)
	case *logical.Aggregate:
		return e.aggregate(n, outer)
	case *logical.Union:
		var out []row
		for i, in := range n.All {
			for _, r := range e.rows(in, outer) {
				out = append(out, rename(r, n.In[i], n.Cols))
			}
		}
		return out
	case *logical.SetOp:
		return e.setOp(n, outer)
	case *logical.TopN:
		return e.topN(n, outer)
	case *logical.Over:
		return e.over(n, outer)
	case *logical.TableFunc:
		return e.tableFunc(n, outer)
	case *logical.WindowAssign:
		return e.windows(n, outer)
	case *logical.Session:
		return e.sessions(n, outer)
	case *logical.SessionAggregate:
		rows := e.sessions(&logical.Session{Input: n.Input, Time: n.Time, PartitionBy: n.Keys, Start: n.Start, End: n.End, Gap: n.Gap}, outer)
		return e.grouped(&logical.Aggregate{Keys: append(slices.Clone(n.Keys), n.Start, n.End), Calls: n.Calls}, rows)
	case *logical.SliceAggregate:
		return e.sliceAggregate(n, outer)
	}
	panic(fmt.Sprintf("the naive evaluation has no %T", n))
}

func rename(r row, from, to []logical.ColID) row {
	o := row{}
	for i, c := range to {
		o[c] = r[from[i]]
	}
	return o
}

func (e *naive) scan(n *logical.Scan) []row {
	var out []row
	for _, r := range e.tables[n.Relation.Name] {
		o := row{}
		for i, a := range n.Attrs {
			o[n.Cols[i]] = r[logical.ColID(a+1)]
		}
		out = append(out, o)
	}
	return out
}

func (e *naive) values(n *logical.Values, outer row) []row {
	var out []row
	for _, exprs := range n.Rows {
		o := row{}
		for i, x := range exprs {
			o[n.Cols[i]] = e.eval(x, outer)
		}
		out = append(out, o)
	}
	return out
}

func (e *naive) join(n *logical.Join, outer row) []row {
	var out []row
	nulls := func(in logical.Node) row {
		o := row{}
		for _, c := range in.Output() {
			o[c] = types.Null
		}
		return o
	}
	matched := map[int]bool{}
	var right []row
	for _, l := range e.rows(n.Left, outer) {
		right = e.rows(n.Right, with(outer, l))
		if n.NullAware {
			if e.notIn(n, l, right, outer) {
				out = append(out, l)
			}
			continue
		}
		found := false
		for i, r := range right {
			if !e.holds(n.On, with(outer, with(l, r))) {
				continue
			}
			found, matched[i] = true, true
			if !n.LeftOnly() {
				out = append(out, with(l, r))
			}
		}
		switch {
		case n.Kind == physical.SemiJoin && found, n.Kind == physical.AntiJoin && !found:
			out = append(out, l)
		case !found && (n.Kind == physical.LeftJoin || n.Kind == physical.FullJoin):
			out = append(out, with(l, nulls(n.Right)))
		}
	}
	if n.Kind == physical.RightJoin || n.Kind == physical.FullJoin {
		for i, r := range e.rows(n.Right, outer) {
			if !matched[i] {
				out = append(out, with(nulls(n.Left), r))
			}
		}
	}
	return out
}

// notIn keeps a left row unless the comparison is true or null for one of the right rows that count.
func (e *naive) notIn(n *logical.Join, l row, right []row, outer row) bool {
	for _, r := range right {
		all := with(outer, with(l, r))
		if !e.holds(n.On[1:], all) {
			continue
		}
		if d := e.eval(n.On[0], all); d.Null || d.Bool() {
			return false
		}
	}
	return true
}
