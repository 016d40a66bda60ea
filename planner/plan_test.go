package planner_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/explain"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// TestPlans runs testdata. Commands:
//
//	catalog           CREATE TABLE, STREAM, VIEW and INDEX statements
//	plan [tasks=n]    the plan of a SELECT
//	view [tasks=n]    that of the query of a view, which may end in EMIT; what the catalog is told of it stands first
//	bounds [from=…]   what EXPLAIN says of the times of joins by conditions (bound_test.go)
//	change            what INSERT, UPDATE, DELETE or COPY does
//
// Every plan is also checked for what the executor takes for granted.
func TestPlans(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		s := newSchema()
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			o := planner.Options{Tasks: 1}
			if d.HasArg("tasks") {
				d.ScanArgs(t, "tasks", &o.Tasks)
			}
			switch d.Cmd {
			case "catalog":
				for _, stmt := range statements(t, d.Input) {
					s.create(t, stmt.Statement)
				}
				return ""
			case "plan":
				q, err := planner.Select(s.context(), statements(t, d.Input)[0].Statement.(*ast.Select), o)
				if err != nil {
					return errorText(err)
				}
				checkPlan(t, q.Plan, o.Tasks)
				return text(explain.Plan(q.Plan, nil))
			case "view":
				return s.view(t, d.Input, o)
			case "change":
				return s.change(t, d.Input)
			case "bounds":
				return s.bounds(t, d)
			}
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		})
	})
}

func statements(t *testing.T, sql string) []ast.Stmt {
	stmts, err := parse.Statements(sql)
	require.NoError(t, err, sql)
	return stmts
}

func text(lines []string) string { return strings.Join(lines, "\n") + "\n" }

// errorText shows an error as psql does.
func errorText(err error) string {
	e := sqlerr.From(err)
	out := fmt.Sprintf("ERROR %s: %s\n", e.Code, e.Message)
	if e.Detail != "" {
		out += "DETAIL: " + e.Detail + "\n"
	}
	if e.Hint != "" {
		out += "HINT: " + e.Hint + "\n"
	}
	return out
}

func (s *schema) view(t *testing.T, sql string, o planner.Options) string {
	x := statements(t, "CREATE VIEW v AS "+sql)[0].Statement.(*ast.CreateView)
	o.View, o.EmitOnClose = true, x.Emit == ast.EmitOnWindowClose
	v, err := planner.View(s.context(), x.Query, o)
	if err != nil {
		return errorText(err)
	}
	checkPlan(t, v.Plan, o.Tasks)
	head := "append-only: no"
	if v.AppendOnly {
		head = "append-only: yes"
	}
	if v.Watermark != nil {
		head += ", watermark: " + v.Columns[v.Watermark.Column].Name
	}
	return head + "\n" + text(explain.Plan(v.Plan, nil))
}

func (s *schema) change(t *testing.T, sql string) string {
	c, err := planChange(s.context(), statements(t, sql)[0].Statement)
	if err != nil {
		return errorText(err)
	}
	var b strings.Builder
	line := func(what string, list []physical.Expr) {
		if list == nil {
			return
		}
		parts := make([]string, len(list))
		for i, e := range list {
			parts[i] = byPosition(e)
		}
		fmt.Fprintf(&b, "  %s: %s\n", what, strings.Join(parts, ", "))
	}
	source := (*physical.Plan)(nil)
	insert := func(x *physical.Insert) {
		line("row", x.Row)
		for _, k := range x.Target.Checks {
			line("check "+k.Name, []physical.Expr{k.Expr})
		}
		if k := x.Conflict; k != nil {
			fmt.Fprintf(&b, "  conflict of keys %v\n", k.Arbiters)
			line("update", k.Update)
			if !k.Where.None() {
				line("where", []physical.Expr{k.Where})
			}
		}
		line("returning", x.Returning)
		source = x.Source
	}
	switch {
	case c.Insert != nil:
		b.WriteString("Insert on " + c.Insert.Target.Name + "\n")
		insert(c.Insert)
	case c.Copy != nil:
		fmt.Fprintf(&b, "Copy into %s, columns %v\n", c.Copy.Target.Name, c.Copy.Columns)
		insert(&c.Copy.Insert)
		if !c.Copy.Where.None() {
			line("where", []physical.Expr{c.Copy.Where})
		}
	case c.Update != nil:
		b.WriteString("Update on " + c.Update.Target.Name + "\n")
		line("row", c.Update.Row)
		for _, k := range c.Update.Target.Checks {
			line("check "+k.Name, []physical.Expr{k.Expr})
		}
		line("returning", c.Update.Returning)
		source = c.Update.Source
	case c.Delete != nil:
		b.WriteString("Delete on " + c.Delete.Target.Name + "\n")
		line("returning", c.Delete.Returning)
		source = c.Delete.Source
	}
	for _, col := range c.Columns {
		fmt.Fprintf(&b, "  column %s %s table=%d attr=%d\n", col.Name, col.Type, col.Table, col.Attr)
	}
	if source != nil {
		checkPlan(t, source, 1)
		for _, l := range explain.Plan(source, nil) {
			b.WriteString("  " + l + "\n")
		}
	}
	return b.String()
}

func planChange(ctx *bind.Context, s ast.Statement) (*planner.Change, error) {
	switch s := s.(type) {
	case *ast.Insert:
		return planner.Insert(ctx, s)
	case *ast.Update:
		return planner.Update(ctx, s)
	case *ast.Delete:
		return planner.Delete(ctx, s)
	case *ast.Copy:
		return planner.CopyFrom(ctx, s)
	}
	return nil, sqlerr.Internal("%T changes no rows", s)
}
