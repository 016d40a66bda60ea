package planner_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// checkPlan checks what the executor takes for granted of a plan: planner/physical's invariants.
func checkPlan(t *testing.T, p *physical.Plan, tasks int) {
	t.Helper()
	b, err := p.Encode()
	require.NoError(t, err)
	q, err := physical.Decode(b)
	require.NoError(t, err)
	again, err := q.Encode()
	require.NoError(t, err)
	require.Equal(t, string(b), string(again), "the encoding keeps everything")
	for i := range p.Nodes {
		c := checker{t, p, &p.Nodes[i], tasks}
		require.Len(t, c.node.Names, len(c.node.Types))
		for _, in := range c.node.Inputs {
			require.Less(t, in, i)
		}
		c.props()
		c.op()
	}
}

type checker struct {
	t     *testing.T
	plan  *physical.Plan
	node  *physical.Node
	tasks int
}

func (c *checker) input(i int) *physical.Node { return &c.plan.Nodes[c.node.Inputs[i]] }

// columns checks that positions are of a row.
func (c *checker) columns(row []types.Type, lists ...[]int) {
	for _, l := range lists {
		for _, i := range l {
			require.True(c.t, i >= 0 && i < len(row), "column %d of %d in %s", i, len(row), c.node.Op.Kind())
		}
	}
}

// expr checks that an expression reads what is there, with the types that it takes.
func (c *checker) expr(e physical.Expr, row []types.Type) {
	if e.None() {
		return
	}
	expr.Walk(e.Node, func(n expr.Node) bool {
		if col, ok := n.(*expr.Column); ok {
			c.columns(row, []int{col.Index})
			require.Equal(c.t, row[col.Index], col.Typ, "type of %s in %s", col, c.node.Op.Kind())
		}
		return true
	})
	_, err := expr.Compile(e.Node)
	require.NoError(c.t, err)
}

func (c *checker) props() {
	p, n := &c.node.Props, c.node.Types
	c.columns(n, p.Watermarks, p.NotNull, p.Hash)
	c.columns(n, p.Keys...)
	if c.tasks == 1 {
		require.True(c.t, p.Single)
		require.NotEqual(c.t, "Exchange", c.node.Op.Kind())
	}
	require.False(c.t, p.Single && p.Hash != nil)
}

// together checks that rows which agree in columns are in one task, found by the hash of just these columns.
func (c *checker) together(in int, columns []int) {
	p := c.input(in).Props
	if p.Single {
		return
	}
	require.NotEmpty(c.t, columns, "%s needs one task", c.node.Op.Kind())
	if x, ok := c.input(in).Op.(*physical.Exchange); ok {
		require.Equal(c.t, columns, x.Keys)
		return
	}
	require.NotNil(c.t, p.Hash, "%s over rows that are spread anyhow", c.node.Op.Kind())
	require.Len(c.t, p.Hash, len(columns))
}

func (c *checker) op() {
	var row []types.Type
	if len(c.node.Inputs) > 0 {
		row = c.input(0).Types
	}
	switch x := c.node.Op.(type) {
	case *physical.Scan:
		require.Len(c.t, x.Columns, len(c.node.Types))
	case *physical.Values:
		for _, r := range x.Rows {
			require.Len(c.t, r, len(c.node.Types))
			for i, e := range r {
				require.Equal(c.t, c.node.Types[i], e.Type())
				c.expr(e, nil)
			}
		}
	case *physical.TableFunc:
		for _, call := range x.Calls {
			c.expr(call.Call, row)
		}
	case *physical.Filter:
		c.expr(x.Pred, row)
		require.Equal(c.t, types.Bool, x.Pred.Type().ID)
		require.Equal(c.t, row, c.node.Types)
	case *physical.Project:
		require.Len(c.t, x.Exprs, len(c.node.Types))
		for i, e := range x.Exprs {
			c.expr(e, row)
			require.Equal(c.t, c.node.Types[i], e.Type(), "column %s", c.node.Names[i])
		}
	case *physical.Aggregate:
		c.aggregate(x, row)
		c.merges(x.Partial, x.Calls)
	case *physical.SliceAggregate:
		c.merges(x.Partial, x.Calls)
	case *physical.PartialAggregate:
		c.partial(x, row)
	case *physical.Distinct:
		c.together(0, all(row))
		require.Equal(c.t, row, c.node.Types)
	case *physical.Join:
		c.join(x)
	case *physical.Asof:
		c.asof(x)
	case *physical.OnTime:
		c.columns(row, []int{x.Time})
		require.Equal(c.t, row, c.node.Types)
	case *physical.Union:
		single := 0
		for i := range c.node.Inputs {
			require.Equal(c.t, c.node.Types, c.input(i).Types)
			if c.input(i).Props.Single {
				single++
			}
		}
		require.True(c.t, single == 0 || single == len(c.node.Inputs), "the tasks of a stage all do the same")
	case *physical.SetOp:
		for i := range 2 {
			require.Equal(c.t, c.node.Types, c.input(i).Types)
			c.together(i, all(row))
		}
	case *physical.TopN:
		c.columns(row, x.PartitionBy)
		c.order(x.OrderBy, row)
		c.expr(x.Limit, nil)
		c.expr(x.Offset, nil)
		c.together(0, x.PartitionBy)
	case *physical.FirstRows:
		c.columns(row, x.PartitionBy)
		c.order(x.OrderBy, row)
		require.NotEmpty(c.t, x.PartitionBy)
		require.True(c.t, 1 <= x.Limit && x.Limit <= physical.MaxFirstRows)
		c.together(0, x.PartitionBy)
		require.Equal(c.t, row, c.node.Types[:len(row)])
		if x.Number {
			row = append(row[:len(row):len(row)], types.T(types.Int8))
		}
		require.Equal(c.t, row, c.node.Types)
	case *physical.Over:
		c.over(x, row)
	case *physical.MaxOneRow:
		c.together(0, x.Keys)
	case *physical.Root:
		require.Equal(c.t, row, c.node.Types)
		require.Len(c.t, x.Names, len(row)-x.Hidden)
		c.columns(row[:len(x.Names)], x.Key)
		c.order(x.OrderBy, row)
	}
}

func all(row []types.Type) []int {
	var out []int
	for i := range row {
		out = append(out, i)
	}
	return out
}

func (c *checker) order(keys []physical.SortKey, row []types.Type) {
	for _, k := range keys {
		c.columns(row, []int{k.Column})
	}
}

func (c *checker) aggregate(x *physical.Aggregate, row []types.Type) {
	c.columns(row, x.Keys)
	c.together(0, x.Keys)
	require.Len(c.t, c.node.Types, len(x.Keys)+len(x.Calls))
	for i, k := range x.Keys {
		require.Equal(c.t, row[k], c.node.Types[i])
	}
	for i, call := range x.Calls {
		c.columns(row, call.Args)
		c.order(call.OrderBy, row)
		require.NotNil(c.t, fn.FindAggregate(call.Name, call.ArgTypes), call.Name)
		require.Equal(c.t, c.node.Types[len(x.Keys)+i], call.Type)
		if call.Filter != physical.NoColumn {
			require.Equal(c.t, types.Bool, row[call.Filter].ID)
		}
	}
}

// partial checks that a partial aggregate has the columns that its node says.
func (c *checker) partial(x *physical.PartialAggregate, row []types.Type) {
	want := []types.Type{}
	for _, k := range x.Keys {
		want = append(want, row[k])
	}
	want = append(want, types.T(types.Int8))
	for i := range x.Calls {
		if call := &x.Calls[i]; !counts(call) {
			args := make([]types.Type, len(call.Args))
			for k, a := range call.Args {
				args[k] = row[a]
			}
			want = append(want, fn.FindAggregate(call.Name, call.ArgTypes).State(args)...)
		}
	}
	require.Equal(c.t, want, c.node.Types)
}

// merges checks that an aggregate merges the calls of the partial one below, and only where there is one.
func (c *checker) merges(p *physical.Partial, calls []physical.AggCall) {
	in := c.input(0)
	if _, ok := in.Op.(*physical.Exchange); ok {
		in = &c.plan.Nodes[in.Inputs[0]]
	}
	x, ok := in.Op.(*physical.PartialAggregate)
	require.Equal(c.t, ok, p != nil)
	if !ok {
		return
	}
	require.Equal(c.t, len(x.Keys), p.Count)
	next := p.Count + 1
	for i := range calls {
		require.Equal(c.t, x.Calls[i].Name, calls[i].Name)
		require.Equal(c.t, physical.NoColumn, calls[i].Filter)
		for _, a := range calls[i].Args {
			require.Equal(c.t, next, a)
			next++
		}
	}
	require.Len(c.t, in.Types, next)
}

func (c *checker) over(x *physical.Over, row []types.Type) {
	c.columns(row, x.PartitionBy)
	c.order(x.OrderBy, row)
	c.together(0, x.PartitionBy)
	require.Len(c.t, c.node.Types, len(row)+len(x.Calls))
	for i, call := range x.Calls {
		c.columns(row, call.Args)
		require.Equal(c.t, c.node.Types[len(row)+i], call.Type)
		if call.Aggregate {
			require.NotNil(c.t, fn.FindAggregate(call.Name, call.ArgTypes), call.Name)
		}
	}
}
