package planner

import (
	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/lower"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/rules"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/types"
)

// Options say what a plan is for.
type Options = lower.Options

// Column is a column of a result.
type Column struct {
	Name string
	Type types.Type
	// Table and Attr are the stored column that it is, for RowDescription; 0 if it is computed.
	Table uint32
	Attr  int16
}

// Query is a planned SELECT.
type Query struct {
	Plan    *physical.Plan
	Columns []Column
	// Params are the types of the statement's parameters, those that the client left open included.
	Params []types.Type
	// Reads are the relations that the statement names, also those that are views answered by their query.
	Reads []uint32
	// Recursions are to be run before Plan, in this order.
	Recursions []Recursion
	// Relative says that a text of the statement was read by the clock ('now'): planned again it can mean something else.
	Relative bool
}

// Recursion is a planned bind.Recursion. The plans give the rows of Work and Result in their columns' order.
type Recursion struct {
	Name         string
	Seed, Step   *physical.Plan
	Work, Result uint32
	Distinct     bool
}

// Select plans a query.
func Select(ctx *bind.Context, stmt *ast.Select, o Options) (*Query, error) {
	bound, err := bind.Select(ctx, stmt)
	if err != nil {
		return nil, err
	}
	o.Catalog = ctx.Catalog
	q, err := query(bound, o)
	if err != nil {
		return nil, err
	}
	for _, r := range bound.Recursions {
		planned := Recursion{Name: r.Name, Work: r.Work, Result: r.Result, Distinct: r.Distinct}
		for _, term := range []struct {
			bound *bind.Query
			plan  **physical.Plan
		}{{r.Seed, &planned.Seed}, {r.Step, &planned.Step}} {
			t := *term.bound
			t.Params = bound.Params
			made, err := query(&t, o)
			if err != nil {
				return nil, err
			}
			*term.plan = made.Plan
		}
		q.Recursions = append(q.Recursions, planned)
	}
	return q, nil
}

// query plans a bound query.
func query(bound *bind.Query, o Options) (*Query, error) {
	q := &Query{Params: bound.Params, Reads: bound.Reads, Relative: bound.Relative}
	result := lower.Result{OrderBy: bound.OrderBy, Params: bound.Params}
	for _, c := range bound.Columns {
		q.Columns = append(q.Columns, column(bound.MD, c))
		result.Names, result.Cols = append(result.Names, c.Name), append(result.Cols, c.ID)
	}
	if o.View {
		bound.Plan = completeWindows(bound.Plan)
	}
	plan, err := rewrite(bound, result.Cols)
	if err != nil {
		return nil, err
	}
	q.Plan, err = lower.Plan(bound.MD, plan, result, o)
	return q, err
}

// rewrite applies the rules. They keep the columns that are shown and those that order them.
func rewrite(bound *bind.Query, cols []logical.ColID) (logical.Node, error) {
	keep := logical.SetOf(cols...)
	for _, k := range bound.OrderBy {
		keep.Add(k.Col)
	}
	return rules.Apply(bound.Plan, bound.MD, keep)
}

func column(md *logical.Columns, c bind.Column) Column {
	m := md.Get(c.ID)
	return Column{Name: c.Name, Type: m.Type, Table: m.Relation, Attr: m.Attr}
}
