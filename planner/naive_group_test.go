package planner_test

import (
	"slices"
	"sort"
	"strings"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// textOf is equal for rows equal in columns.
func textOf(r row, ts []types.Type, at []int) string {
	var b strings.Builder
	for _, c := range at {
		if r[c].Null {
			b.WriteString("NULL|")
		} else {
			b.WriteString(types.String(ts[c].Plain(), r[c]) + "|")
		}
	}
	return b.String()
}

// groups divides rows by columns, in the order of their first rows.
func groups(rows []row, ts []types.Type, keys []int) [][]row {
	at := map[string]int{}
	var out [][]row
	for _, r := range rows {
		k := textOf(r, ts, keys)
		if _, ok := at[k]; !ok {
			at[k] = len(out)
			out = append(out, nil)
		}
		out[at[k]] = append(out[at[k]], r)
	}
	return out
}

func compare(a, b row, ts []types.Type, order []physical.SortKey) int {
	for _, k := range order {
		if c := types.CompareBy(ts[k.Column], k.Desc, k.NullsFirst, a[k.Column], b[k.Column]); c != 0 {
			return c
		}
	}
	return 0
}

// sorted orders rows, and ties by all columns.
func sorted(rows []row, ts []types.Type, order []physical.SortKey) []row {
	out, total := slices.Clone(rows), slices.Clone(order)
	for _, c := range all(ts) {
		total = append(total, physical.SortKey{Column: c})
	}
	sort.SliceStable(out, func(i, j int) bool { return compare(out[i], out[j], ts, total) < 0 })
	return out
}

func aggregate(x *physical.Aggregate, rows []row, ts []types.Type) (out []row) {
	gs := groups(rows, ts, x.Keys)
	if x.Global {
		gs = [][]row{rows}
	}
	for _, g := range gs {
		var r row
		if len(x.Keys) > 0 {
			r = pick(g[0], x.Keys)
		}
		for i := range x.Calls {
			if x.Partial != nil {
				r = append(r, mergeOf(&x.Calls[i], x.Partial, g, ts))
			} else {
				r = append(r, callOf(&x.Calls[i], g, ts))
			}
		}
		out = append(out, r)
	}
	return out
}

func callOf(c *physical.AggCall, rows []row, ts []types.Type) types.Datum {
	f, state := stateOf(c, rows, ts)
	return finished(f, c, state)
}

// stateOf is the state of a call after rows.
func stateOf(c *physical.AggCall, rows []row, ts []types.Type) (*fn.Aggregate, []*vec.Vector) {
	f := fn.FindAggregate(c.Name, c.ArgTypes)
	var in []row
	seen := map[string]bool{}
	for _, r := range sorted(rows, ts, c.OrderBy) {
		null := slices.ContainsFunc(c.Args, func(a int) bool { return r[a].Null })
		k := textOf(r, ts, c.Args)
		if c.Filter != physical.NoColumn && !isTrue(r[c.Filter]) || null && !f.KeepNulls || c.Distinct && seen[k] {
			continue
		}
		seen[k] = true
		in = append(in, r)
	}
	at, args := make([]types.Type, len(c.Args)), make([]*vec.Vector, len(c.Args))
	for i, a := range c.Args {
		at[i] = ts[a]
		args[i] = vec.New(ts[a], len(in))
		for _, r := range in {
			args[i].Append(r[a])
		}
	}
	var state []*vec.Vector
	for _, t := range f.State(at) {
		state = append(state, zeroState(t))
	}
	sel := make([]int32, len(in))
	for i := range sel {
		sel[i] = int32(i)
	}
	f.Step(failing(), state, make([]int32, len(in)), args, sel, nil)
	return f, state
}

// zeroState is the state of no input.
func zeroState(t types.Type) *vec.Vector {
	v := vec.New(t, 1)
	v.Append(types.Datum{})
	return v
}

func failing() *fn.Ctx { return &fn.Ctx{Fail: func(_ int32, err error) { panic(failure{err}) }} }

func finished(f *fn.Aggregate, c *physical.AggCall, state []*vec.Vector) types.Datum {
	result := vec.New(c.Type, 1)
	result.Resize(c.Type, 1)
	f.Finish(failing(), state, 1, result)
	d := result.Datum(0)
	d.B = slices.Clone(d.B)
	return d
}

func topN(x *physical.TopN, rows []row, ts []types.Type) (out []row) {
	number := func(e physical.Expr, otherwise int) int {
		if e.None() {
			return otherwise
		}
		if d := eval(e, nil, nil); !d.Null {
			return int(d.I)
		}
		return otherwise
	}
	for _, g := range groups(rows, ts, x.PartitionBy) {
		g = sorted(g, ts, x.OrderBy)
		from := min(number(x.Offset, 0), len(g))
		to := min(from+number(x.Limit, len(g)), len(g))
		for x.WithTies && to > from && to < len(g) && compare(g[to-1], g[to], ts, x.OrderBy) == 0 {
			to++
		}
		out = append(out, g[from:to]...)
	}
	return out
}

func firstRows(x *physical.FirstRows, rows []row, ts []types.Type) (out []row) {
	for _, g := range groups(rows, ts, x.PartitionBy) {
		for i, r := range sorted(g, ts, x.OrderBy)[:min(x.Limit, len(g))] {
			if r = slices.Clone(r); x.Number {
				r = append(r, types.NewInt(int64(i+1)))
			}
			out = append(out, r)
		}
	}
	return out
}

// over knows row_number, rank and aggregates over the default frame.
func over(x *physical.Over, rows []row, ts []types.Type) (out []row) {
	for _, g := range groups(rows, ts, x.PartitionBy) {
		g = sorted(g, ts, x.OrderBy)
		for i, r := range g {
			first, last := i, i
			for first > 0 && compare(g[first-1], r, ts, x.OrderBy) == 0 {
				first--
			}
			for last+1 < len(g) && compare(g[last+1], r, ts, x.OrderBy) == 0 {
				last++
			}
			o := slices.Clone(r)
			for _, c := range x.Calls {
				switch {
				case c.Aggregate:
					o = append(o, callOf(&physical.AggCall{Name: c.Name, ArgTypes: c.ArgTypes, Args: c.Args, Filter: c.Filter, Type: c.Type}, g[:last+1], ts))
				case c.Name == "row_number":
					o = append(o, types.NewInt(int64(i+1)))
				case c.Name == "rank":
					o = append(o, types.NewInt(int64(first+1)))
				default:
					panic("the naive evaluation has no " + c.Name)
				}
			}
			out = append(out, o)
		}
	}
	return out
}

// windows knows TUMBLE and HOP without offset.
func windows(x *physical.WindowAssign, rows []row) (out []row) {
	for _, r := range rows {
		if t := r[x.Time]; !t.Null {
			last := t.I - t.I%x.Slide
			if x.Slices {
				out = append(out, append(slices.Clone(r), types.NewInt(last), types.NewInt(last+x.Slide), types.NewInt(last+x.Slide)))
				continue
			}
			for start := last; start > t.I-x.Size; start -= x.Slide {
				out = append(out, append(slices.Clone(r), types.NewInt(start), types.NewInt(start+x.Size)))
			}
		}
	}
	return out
}

func sessions(x *physical.Session, rows []row, ts []types.Type) (out []row) {
	for _, g := range groups(rows, ts, x.PartitionBy) {
		sort.SliceStable(g, func(i, j int) bool { return g[i][x.Time].I < g[j][x.Time].I })
		for from := 0; from < len(g); {
			to := from + 1
			for to < len(g) && g[to][x.Time].I-g[to-1][x.Time].I < x.Gap {
				to++
			}
			for _, r := range g[from:to] {
				out = append(out, append(slices.Clone(r[:len(r)-2]), g[from][x.Time], types.NewInt(g[to-1][x.Time].I+x.Gap)))
			}
			from = to
		}
	}
	return out
}

// sliceAggregate knows HOP.
func sliceAggregate(x *physical.SliceAggregate, rows []row, ts []types.Type) []row {
	var wide []row
	for _, r := range rows {
		for end := r[x.Slice].I; end < r[x.Slice].I+x.Of.Size; end += x.Of.Slide {
			wide = append(wide, append(slices.Clone(r), types.NewInt(end-x.Of.Size), types.NewInt(end)))
		}
	}
	ts = append(slices.Clone(ts), ts[x.Slice], ts[x.Slice])
	return aggregate(&physical.Aggregate{Keys: append(slices.Clone(x.Keys), len(ts)-2, len(ts)-1), Calls: x.Calls, Partial: x.Partial}, wide, ts)
}
