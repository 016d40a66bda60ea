package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

var setNames = [...]string{"UNION", "INTERSECT", "EXCEPT"}

// setOp binds a chain of set operations from the left. A run of UNIONs is one operation over many inputs.
func (b *binder) setOp(s *ast.SetOp, outer *exprContext, u unknowns) *relation {
	acc := b.setInput(s.Inputs[0], outer)
	for i := 0; i < len(s.Links); {
		link := s.Links[i]
		inputs, pos := []*relation{acc}, []int{s.Inputs[i].Position()}
		for {
			inputs, pos = append(inputs, b.setInput(s.Inputs[i+1], outer)), append(pos, s.Inputs[i+1].Position())
			i++
			if link.Kind != ast.SetUnion || i == len(s.Links) || s.Links[i].Kind != link.Kind || s.Links[i].All != link.All {
				break
			}
		}
		acc = b.combine(link, inputs, pos)
	}
	if u == resolveUnknown {
		b.resolveColumns(acc, s.Position())
	}
	return acc
}

// setInput binds an input; its untyped literals wait for the other inputs.
func (b *binder) setInput(body ast.SelectBody, outer *exprContext) *relation {
	return b.selectStmt(&ast.Select{Pos: body.Position(), Body: body}, outer, keepUnknown)
}

// resolveColumns makes text of columns that are still untyped.
func (b *binder) resolveColumns(r *relation, pos int) {
	want := r.types(b.md)
	for i, t := range want {
		if isUnknown(t) {
			want[i] = textType
		}
	}
	b.retype(r, want, implicitCast, func(int) int { return pos })
}

// combine unifies the inputs' columns and puts the operation on them.
func (b *binder) combine(link ast.SetLink, inputs []*relation, pos []int) *relation {
	name, n := setNames[link.Kind], len(inputs[0].cols)
	for i, r := range inputs {
		if len(r.cols) != n {
			fail(r.position(0, pos[i]), sqlerr.SyntaxError, "each %s query must have the same number of columns", name)
		}
	}
	want := make([]types.Type, n)
	for j := range want {
		ts, at := make([]types.Type, len(inputs)), make([]int, len(inputs))
		for i, r := range inputs {
			ts[i], at[i] = b.md.Type(r.cols[j].id), r.position(j, pos[i])
		}
		want[j] = commonOf(ts, name, at)
		if !link.All {
			b.mustEqual(want[j], pos[0])
		}
	}
	out := &relation{}
	for j, c := range inputs[0].cols {
		out.cols = append(out.cols, outCol{c.name, b.md.New(c.name, want[j])})
	}
	for i, r := range inputs {
		b.retype(r, want, implicitCast, func(j int) int { return r.position(j, pos[i]) })
	}
	out.node = setNode(link, inputs, out.ids())
	return out
}

func setNode(link ast.SetLink, inputs []*relation, cols []logical.ColID) logical.Node {
	if link.Kind == ast.SetUnion {
		u := &logical.Union{Cols: cols}
		for _, r := range inputs {
			u.All, u.In = append(u.All, r.node), append(u.In, r.ids())
		}
		if link.All {
			return u
		}
		return logical.NewDistinct(u)
	}
	kind := physical.Intersect
	if link.Kind == ast.SetExcept {
		kind = physical.Except
	}
	return &logical.SetOp{Kind: kind, All: link.All, Left: inputs[0].node, Right: inputs[1].node, Cols: cols,
		LeftIn: inputs[0].ids(), RightIn: inputs[1].ids()}
}

// values binds VALUES as a query: each column has the common type of its rows.
func (b *binder) values(v *ast.Values, outer *exprContext, u unknowns) *relation {
	s := &scope{outer: outer}
	x := b.context(s, "VALUES")
	rows := make([][]expr.Node, len(v.Rows))
	for i, row := range v.Rows {
		if len(row) != len(v.Rows[0]) {
			fail(start(row[0]), sqlerr.SyntaxError, "VALUES lists must all be the same length")
		}
		rows[i] = x.exprs(row)
	}
	out := &relation{}
	node := &logical.Values{Rows: rows}
	for j := range v.Rows[0] {
		column, pos := make([]expr.Node, len(rows)), make([]int, len(rows))
		for i := range rows {
			column[i], pos[i] = rows[i][j], start(v.Rows[i][j])
		}
		t := unknownType
		if u == resolveUnknown || !allUnknown(column) {
			t = b.unify(column, "VALUES", pos)
		}
		for i := range rows {
			rows[i][j] = column[i]
		}
		name := columnNumber(j)
		id := b.md.New(name, t)
		node.Cols = append(node.Cols, id)
		out.cols, out.at = append(out.cols, outCol{name, id}), append(out.at, pos[0])
	}
	out.node = b.valuesNode(node, x)
	return out
}

func allUnknown(nodes []expr.Node) bool {
	for _, n := range nodes {
		if !isUnknown(n.Type()) {
			return false
		}
	}
	return true
}

// valuesNode makes VALUES with subqueries a union of projections, each over the subqueries of the list.
func (b *binder) valuesNode(v *logical.Values, x *exprContext) logical.Node {
	if len(x.joins) == 0 {
		return v
	}
	input := x.attach(logical.OneRow())
	u := &logical.Union{Cols: v.Cols}
	for _, row := range v.Rows {
		p := &logical.Project{Input: input}
		for j, e := range row {
			p.Items = append(p.Items, logical.Item{Col: b.md.Copy(v.Cols[j]), Expr: e})
		}
		u.All, u.In = append(u.All, p), append(u.In, p.Output())
	}
	return u
}
