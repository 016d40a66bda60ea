package rules_test

import (
	"cmp"
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
	return e.grouped(n, e.rows(n.Input, outer))
}

func (e *naive) grouped(n *logical.Aggregate, rows []row) []row {
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
		if c := types.CompareBy(e.md.Type(k.Col), k.Desc, k.NullsFirst, a[k.Col], b[k.Col]); c != 0 {
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

// windows appends the bounds of each window that holds a row.
func (e *naive) windows(n *logical.WindowAssign, outer row) []row {
	var out []row
	for _, r := range e.rows(n.Input, outer) {
		at := r[n.Time]
		if at.Null {
			continue
		}
		t, spec := at.I-n.Spec.Offset, n.Spec
		if spec.Slices {
			start := t - (t%spec.Slide+spec.Slide)%spec.Slide + spec.Offset
			end := types.NewInt(start + spec.Slide)
			out = append(out, with(r, row{n.Start: types.NewInt(start), n.End: end, n.First: end}))
			continue
		}
		base := t - (t%spec.Size+spec.Size)%spec.Size
		for k := -spec.Size; k <= spec.Size; k += spec.Slide {
			start, end := base+k, base+k+spec.Size
			if spec.Window == physical.Cumulate {
				start, end = base, base+k
			}
			if start <= t && t < end {
				out = append(out, with(r, row{n.Start: types.NewInt(start + spec.Offset), n.End: types.NewInt(end + spec.Offset)}))
			}
		}
	}
	return out
}

// sliceAggregate groups by the windows that have each slice.
func (e *naive) sliceAggregate(n *logical.SliceAggregate, outer row) []row {
	var rows []row
	for _, r := range e.rows(n.Input, outer) {
		end := r[n.Slice].I
		base := end - n.Of.Offset - 1
		base -= (base%n.Of.Size + n.Of.Size) % n.Of.Size
		for k := int64(0); k < n.Of.Size; k += n.Of.Slide {
			start, last := end+k-n.Of.Size, end+k
			if n.Of.Window == physical.Cumulate {
				if start = base + n.Of.Offset; last > start+n.Of.Size {
					break
				}
			}
			rows = append(rows, with(r, row{n.Start: types.NewInt(start), n.End: types.NewInt(last)}))
		}
	}
	return e.grouped(&logical.Aggregate{Keys: append(slices.Clone(n.Keys), n.Start, n.End), Calls: n.Calls}, rows)
}

// sessions appends the bounds of each row's session.
func (e *naive) sessions(n *logical.Session, outer row) []row {
	var out []row
	for _, g := range e.groups(e.rows(n.Input, outer), n.PartitionBy) {
		g = slices.DeleteFunc(g, func(r row) bool { return r[n.Time].Null })
		slices.SortStableFunc(g, func(a, b row) int { return cmp.Compare(a[n.Time].I, b[n.Time].I) })
		for from := 0; from < len(g); {
			to := from + 1
			for to < len(g) && g[to][n.Time].I-g[to-1][n.Time].I < n.Gap {
				to++
			}
			for _, r := range g[from:to] {
				out = append(out, with(r, row{n.Start: g[from][n.Time], n.End: types.NewInt(g[to-1][n.Time].I + n.Gap)}))
			}
			from = to
		}
	}
	return out
}
