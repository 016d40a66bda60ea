package rules_test

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
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
				panic(failure{fmt.Errorf("more than one row")})
			}
		}
		return rows
	case *logical.Join:
		return e.join(n, outer)
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

// groups divides rows by columns, in the order of their first rows.
func (e *naive) groups(rows []row, keys []logical.ColID) [][]row {
	at := map[string]int{}
	var out [][]row
	for _, r := range rows {
		k := e.key(r, keys)
		if _, ok := at[k]; !ok {
			at[k] = len(out)
			out = append(out, nil)
		}
		out[at[k]] = append(out[at[k]], r)
	}
	return out
}

// key is equal for rows equal in columns.
func (e *naive) key(r row, cols []logical.ColID) string {
	var b strings.Builder
	for _, c := range cols {
		fmt.Fprint(&b, types.Key(e.md.Type(c), r[c]), " ")
	}
	return b.String()
}

// text is a row as it is shown.
func (e *naive) text(r row, cols []logical.ColID) string {
	var b strings.Builder
	for _, c := range cols {
		if d := r[c]; d.Null {
			b.WriteString("NULL, ")
		} else {
			b.WriteString(types.String(e.md.Type(c), d) + ", ")
		}
	}
	return b.String()
}

func (e *naive) aggregate(n *logical.Aggregate, outer row) []row {
	rows := e.rows(n.Input, outer)
	groups := e.groups(rows, n.Keys)
	if n.Global {
		groups = [][]row{rows}
	}
	var out []row
	for _, g := range groups {
		o := row{}
		for _, k := range n.Keys {
			o[k] = g[0][k]
		}
		for i := range n.Calls {
			o[n.Calls[i].Col] = e.call(&n.Calls[i], g)
		}
		out = append(out, o)
	}
	return out
}

func (e *naive) call(c *logical.AggCall, rows []row) types.Datum {
	var in []row
	seen := map[string]bool{}
	order := slices.Clone(c.OrderBy)
	for _, a := range c.Args {
		order = append(order, logical.SortKey{Col: a})
	}
	for _, r := range e.sorted(rows, order) {
		null := false
		for _, a := range c.Args {
			null = null || r[a].Null
		}
		k := e.key(r, c.Args)
		if c.Filter != 0 && (r[c.Filter].Null || !r[c.Filter].Bool()) || null && !c.Fn.KeepNulls || c.Distinct && seen[k] {
			continue
		}
		seen[k] = true
		in = append(in, r)
	}
	ts := make([]types.Type, len(c.Args))
	args := make([]*vec.Vector, len(c.Args))
	for i, a := range c.Args {
		ts[i] = e.md.Type(a)
		args[i] = vec.New(ts[i], len(in))
		for _, r := range in {
			args[i].Append(r[a])
		}
	}
	var state []*vec.Vector
	for _, t := range c.Fn.State(ts) {
		v := vec.New(t, 1)
		v.Append(types.Datum{})
		state = append(state, v)
	}
	sel := make([]int32, len(in))
	for i := range sel {
		sel[i] = int32(i)
	}
	ctx := &fn.Ctx{Fail: func(_ int32, err error) { panic(failure{err}) }}
	c.Fn.Step(ctx, state, make([]int32, len(in)), args, sel, nil)
	result := vec.New(e.md.Type(c.Col), 1)
	result.Resize(e.md.Type(c.Col), 1)
	c.Fn.Finish(ctx, state, 1, result)
	d := result.Datum(0)
	d.B = slices.Clone(d.B)
	return d
}

func (e *naive) setOp(n *logical.SetOp, outer row) []row {
	count := map[string]int{}
	for _, r := range e.rows(n.Right, outer) {
		count[e.key(r, n.RightIn)]++
	}
	var out []row
	seen := map[string]bool{}
	for _, r := range e.rows(n.Left, outer) {
		k := e.key(r, n.LeftIn)
		hit := count[k] > 0
		if n.All {
			count[k]--
		}
		if hit != (n.Kind == physical.Intersect) || seen[k] && !n.All {
			continue
		}
		seen[k] = true
		out = append(out, rename(r, n.LeftIn, n.Cols))
	}
	return out
}

func (e *naive) compare(a, b row, order []logical.SortKey) int {
	for _, k := range order {
		x, y := a[k.Col], b[k.Col]
		switch {
		case x.Null && y.Null:
			continue
		case x.Null || y.Null:
			if x.Null == k.NullsFirst {
				return -1
			}
			return 1
		}
		if c := types.Compare(e.md.Type(k.Col), x, y); c != 0 {
			if k.Desc {
				return -c
			}
			return c
		}
	}
	return 0
}

func (e *naive) sorted(rows []row, order []logical.SortKey) []row {
	out := slices.Clone(rows)
	sort.SliceStable(out, func(i, j int) bool { return e.compare(out[i], out[j], order) < 0 })
	return out
}

func (e *naive) topN(n *logical.TopN, outer row) []row {
	number := func(x expr.Node, otherwise int) int {
		if x == nil {
			return otherwise
		}
		if d := e.eval(x, outer); !d.Null {
			return int(d.I)
		}
		return otherwise
	}
	var out []row
	for _, g := range e.groups(e.rows(n.Input, outer), n.PartitionBy) {
		g = e.sorted(g, n.OrderBy)
		from := min(number(n.Offset, 0), len(g))
		to := min(from+number(n.Limit, len(g)), len(g))
		for n.WithTies && to > from && to < len(g) && e.compare(g[to-1], g[to], n.OrderBy) == 0 {
			to++
		}
		out = append(out, g[from:to]...)
	}
	return out
}

// over knows row_number, rank and aggregates over the default frame.
func (e *naive) over(n *logical.Over, outer row) []row {
	var out []row
	for _, g := range e.groups(e.rows(n.Input, outer), n.PartitionBy) {
		g = e.sorted(g, n.OrderBy)
		for i, r := range g {
			o := with(r, nil)
			first, last := i, i
			for first > 0 && e.compare(g[first-1], r, n.OrderBy) == 0 {
				first--
			}
			for last+1 < len(g) && e.compare(g[last+1], r, n.OrderBy) == 0 {
				last++
			}
			for _, c := range n.Calls {
				switch {
				case c.Aggregate != nil:
					o[c.Col] = e.call(&logical.AggCall{Col: c.Col, Fn: c.Aggregate, Args: c.Args, Filter: c.Filter}, g[:last+1])
				case c.Window.Name == "row_number":
					o[c.Col] = types.NewInt(int64(i + 1))
				case c.Window.Name == "rank":
					o[c.Col] = types.NewInt(int64(first + 1))
				default:
					panic("the naive evaluation has no " + c.Window.Name)
				}
			}
			out = append(out, o)
		}
	}
	return out
}

// tableFunc knows functions of one column, without ordinality.
func (e *naive) tableFunc(n *logical.TableFunc, outer row) []row {
	var out []row
	for _, r := range e.rows(n.Input, outer) {
		var made []row
		for i, call := range n.Calls {
			for k, d := range e.set(call.(*expr.Call), with(outer, r)) {
				if k == len(made) {
					made = append(made, row{})
				}
				made[k][n.Cols[i][0]] = d
			}
		}
		if n.Outer && len(made) == 0 {
			made = []row{{}}
		}
		for _, m := range made {
			o := with(r, m)
			for _, c := range n.Cols {
				if _, ok := m[c[0]]; !ok {
					o[c[0]] = types.Null
				}
			}
			out = append(out, o)
		}
	}
	return out
}

// set calls a set-returning function.
func (e *naive) set(call *expr.Call, r row) (out []types.Datum) {
	args := make([]types.Datum, len(call.Args))
	for i, a := range call.Args {
		args[i] = e.eval(a, r)
	}
	err := fn.TableOf(call.Fn, expr.Types(call.Args))(&fn.Ctx{}, args, func(v []types.Datum) error {
		out = append(out, v[0])
		return nil
	})
	if err != nil {
		panic(failure{err})
	}
	return out
}
