package database

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

var (
	int8T = types.T(types.Int8)
	timeT = types.T(types.Timestamp)
)

// badValue is the v on which a quotient view fails.
const badValue = 13

// planner builds a plan by hand, a node at a time. Every relation of the simulation has two columns, so that any view can
// stand on any other.
type planner struct{ nodes []physical.Node }

// add appends a node whose input is the last one, if none are named.
func (p *planner) add(o physical.Op, ts []types.Type, in ...int) int {
	names := make([]string, len(ts))
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	p.nodes = append(p.nodes, physical.Node{Op: o, Inputs: in, Types: ts, Names: names})
	return len(p.nodes) - 1
}

var pair = []types.Type{int8T, int8T}

func (p *planner) scan(oid uint32, ts []types.Type) int {
	return p.add(&physical.Scan{Relation: oid, Columns: []int{0, 1}}, ts)
}

func (p *planner) hash(in int, keys ...int) int {
	return p.add(&physical.Exchange{Exchange: physical.HashExchange, Keys: keys}, p.nodes[in].Types, in)
}

// column is an input column of the node before.
func (p *planner) column(in, c int) expr.Node {
	return expr.NewColumn(c, p.nodes[in].Types[c], fmt.Sprintf("c%d", c))
}

func (p *planner) project(in int, exprs ...expr.Node) int {
	ts := make([]types.Type, len(exprs))
	for i, e := range exprs {
		ts[i] = e.Type()
	}
	return p.add(&physical.Project{Exprs: physical.Exprs(exprs)}, ts, in)
}

func (p *planner) finish(s *simulation, in int) []byte {
	p.add(&physical.Root{Names: []string{"k", "v"}}, p.nodes[in].Types, in)
	data, err := (&physical.Plan{Nodes: p.nodes}).Encode()
	require.NoError(s.t, err)
	return data
}

func binary8(name string, a, b expr.Node) expr.Node {
	return expr.NewCall(fn.Find(name, pair), a, b)
}

func number(v int64) expr.Node { return expr.NewConst(int8T, types.NewInt(v)) }

// shape is a kind of view: its plan over the inputs, and what it should be.
type shape struct {
	name   string
	inputs int
	plan   func(s *simulation, p *planner, in []uint32) int
	model  func(in []bag) bag
}

// aggregateShape is SELECT k, f(v) FROM r GROUP BY k.
func aggregateShape(name string, arg types.Type, ret types.Type, args []int, model func(values bag) int64) shape {
	return shape{"agg " + name, 1, func(s *simulation, p *planner, in []uint32) int {
		from := p.scan(in[0], pair)
		if arg != int8T {
			from = p.project(from, p.column(from, 0), expr.NewCast(p.column(from, 1), arg, false))
		}
		call := physical.AggCall{Name: name, Args: args, Filter: physical.NoColumn, Type: ret}
		for range args {
			call.ArgTypes = append(call.ArgTypes, arg)
		}
		agg := &physical.Aggregate{Keys: []int{0}, Calls: []physical.AggCall{call}, WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn}
		return p.aggregate(s, agg, pair, from)
	}, func(in []bag) bag { return in[0].groups(model) }}
}

func joinShape(kind physical.JoinKind) shape {
	return shape{"join " + string(kind), 2, func(s *simulation, p *planner, in []uint32) int {
		left := p.hash(p.scan(in[0], pair), 0)
		right := p.hash(p.scan(in[1], pair), 0)
		return p.add(&physical.Join{Join: kind, LeftKeys: []int{0}, RightKeys: []int{0}, NullsEqual: []bool{false}, Output: []int{0, 3}}, pair, left, right)
	}, func(in []bag) bag { return in[0].join(in[1], kind == physical.LeftJoin) }}
}

// shapes are the kinds of views over relations of two numbers.
var shapes = []shape{
	{"filter", 1, func(s *simulation, p *planner, in []uint32) int {
		from := p.scan(in[0], pair)
		over := &expr.IsDistinct{Left: p.column(from, 1), Right: number(badValue)}
		return p.hash(p.add(&physical.Filter{Pred: physical.E(over)}, pair, from), 0)
	}, func(in []bag) bag {
		return in[0].each(func(r row, w int64, out bag) {
			if r[1] != badValue {
				out.add(r, w)
			}
		})
	}},
	{"quotient", 1, func(s *simulation, p *planner, in []uint32) int {
		from := p.scan(in[0], pair)
		return p.hash(p.project(from, p.column(from, 0), binary8("/", number(100), binary8("-", p.column(from, 1), number(badValue)))), 0)
	}, func(in []bag) bag {
		return in[0].each(func(r row, w int64, out bag) {
			if r[1] == badValue {
				out[failed]++
			} else if r[1] == null {
				out.add(row{r[0], null}, w)
			} else {
				out.add(row{r[0], 100 / (r[1] - badValue)}, w)
			}
		})
	}},
	aggregateShape("count", int8T, int8T, nil, func(v bag) int64 { return v.sum(func(row) int64 { return 1 }) }),
	aggregateShape("sum", types.T(types.Int4), int8T, []int{1}, func(v bag) int64 { return v.values(func(a, b int64) int64 { return a + b }, true) }),
	aggregateShape("min", int8T, int8T, []int{1}, func(v bag) int64 { return v.values(func(a, b int64) int64 { return min(a, b) }, false) }),
	aggregateShape("max", int8T, int8T, []int{1}, func(v bag) int64 { return v.values(func(a, b int64) int64 { return max(a, b) }, false) }),
	joinShape(physical.InnerJoin),
	joinShape(physical.LeftJoin),
	{"global", 1, func(s *simulation, p *planner, in []uint32) int {
		calls := []physical.AggCall{{Name: "count", Filter: physical.NoColumn, Type: int8T}, {Name: "max", ArgTypes: []types.Type{int8T}, Args: []int{1},
			Filter: physical.NoColumn, Type: int8T}}
		return p.aggregate(s, &physical.Aggregate{Global: true, Calls: calls, WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn}, pair, p.scan(in[0], pair))
	}, func(in []bag) bag {
		if in[0][failed] != 0 {
			return bag{failed: 1}
		}
		count := in[0].sum(func(row) int64 { return 1 })
		return bag{row{count, in[0].values(func(a, b int64) int64 { return max(a, b) }, false)}: 1}
	}},
	{"distinct", 1, func(s *simulation, p *planner, in []uint32) int {
		return p.add(&physical.Distinct{}, pair, p.hash(p.scan(in[0], pair), 0, 1))
	}, func(in []bag) bag { return in[0].each(func(r row, _ int64, out bag) { out[r] = 1 }) }},
	{"top", 1, func(s *simulation, p *planner, in []uint32) int {
		top := &physical.TopN{PartitionBy: []int{0}, OrderBy: []physical.SortKey{{Column: 1, Desc: true, NullsFirst: true}}, Limit: physical.E(number(2))}
		return p.add(top, pair, p.hash(p.scan(in[0], pair), 0))
	}, func(in []bag) bag { return in[0].top(2) }},
	{"union", 2, func(s *simulation, p *planner, in []uint32) int {
		return p.hash(p.add(&physical.Union{}, pair, p.scan(in[0], pair), p.scan(in[1], pair)), 1)
	}, func(in []bag) bag {
		out := bag{}
		for _, b := range in {
			for r, w := range b {
				out.add(r, w)
			}
		}
		return out
	}},
}

// firstShape is for an input that never takes a row back.
var firstShape = shape{"first", 1, func(s *simulation, p *planner, in []uint32) int {
	first := &physical.FirstRows{PartitionBy: []int{0}, OrderBy: []physical.SortKey{{Column: 1, Desc: true, NullsFirst: true}}, Limit: 2}
	return p.add(first, pair, p.hash(p.scan(in[0], pair), 0))
}, func(in []bag) bag { return in[0].top(2) }}

// windowSize is the size of the window view's windows, in microseconds.
const windowSize = 10

// windowPlan is SELECT k, count(*) FROM TUMBLE(stream, at, …) GROUP BY k, window_start, window_end EMIT ON WINDOW CLOSE.
func (s *simulation) windowPlan(stream uint32) []byte {
	p := &planner{}
	from := p.scan(stream, []types.Type{int8T, timeT})
	wide := []types.Type{int8T, timeT, timeT, timeT}
	assigned := p.add(&physical.WindowAssign{Window: physical.Tumble, Time: 1, Size: windowSize, Slide: windowSize,
		Lateness: physical.Lateness{Judge: true}}, wide, from)
	agg := p.aggregate(s, &physical.Aggregate{Keys: []int{0, 2, 3}, Calls: []physical.AggCall{{Name: "count", Filter: physical.NoColumn, Type: int8T}},
		WindowStart: 1, WindowEnd: 2, EmitOnClose: true, AppendOnly: true}, []types.Type{int8T, timeT, timeT, int8T}, assigned)
	return p.finish(s, p.project(agg, p.column(agg, 0), p.column(agg, 3)))
}
