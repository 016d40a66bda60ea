package bind

import (
	"math"
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Recursion is a WITH RECURSIVE query. It is two queries, which whoever runs the statement runs before the statement's own plan: Seed
// once, then Step again and again over the rows that the last of them gave, until it gives none. Both rows, those of the last step and
// all together, are read as relations that no catalog has.
type Recursion struct {
	Name       string
	Seed, Step *Query
	// Work and Result are the OIDs by which the last step's rows and all rows are read.
	Work, Result uint32
	// Distinct says that it is a UNION: rows that were there already are left out.
	Distinct bool
}

// standIns is where the OIDs of recursions' relations begin, downwards: no catalog comes that far.
const standIns = math.MaxUint32

// self is a WITH query that reads itself, while its recursive term is bound.
type self struct {
	work *catalog.Relation
	used bool
	// tags are the columns of the reference to work that are not for the user to see.
	tags []logical.ColID
}

// isRecursive reports whether a WITH query reads itself.
func isRecursive(w *ast.With, d *ast.CTE) bool { return w.Recursive && refersTo(d.Statement, d.Name) }

// recursive binds a WITH query that reads itself; what its references read is its result.
func (b *binder) recursive(c *cte) *relation {
	seedBody, stepBody, link := b.recursionTerms(c.def)
	seed := b.selectStmt(&ast.Select{Pos: seedBody.Position(), Body: seedBody}, c.outer, resolveUnknown)
	columns := make([]catalog.Column, len(seed.cols))
	for i, col := range seed.cols {
		columns[i] = catalog.Column{Name: col.name, Type: b.md.Type(col.id)}
		if i < len(c.def.Columns) {
			columns[i].Name = c.def.Columns[i]
		}
		if !link.All {
			b.mustEqual(columns[i].Type, seed.position(i, seedBody.Position()))
		}
	}
	ties := b.untie(seed)
	all := columns
	for _, t := range ties {
		all = append(all, catalog.Column{Name: "outer", Type: b.md.Type(t.col), Hidden: true})
	}
	standIn := func() *catalog.Relation {
		b.standIns++
		return &catalog.Relation{OID: standIns - b.standIns, Name: c.def.Name, Kind: catalog.Virtual, Columns: all}
	}
	c.self = &self{work: standIn()}
	step := b.selectStmt(&ast.Select{Pos: stepBody.Position(), Body: stepBody}, c.outer, keepUnknown)
	b.sameColumns(c.def, columns, step, stepBody)
	b.carry(step, c.self.tags)
	result := standIn()
	b.recursions = append(b.recursions, Recursion{Name: c.def.Name, Seed: b.term(seed, c.def.Pos), Step: b.term(step, c.def.Pos),
		Work: c.self.work.OID, Result: result.OID, Distinct: !link.All})
	c.self = nil
	r, tags := b.standIn(result)
	for i, t := range ties {
		r.node = logical.NewFilter(r.node, t.again(b.md.Ref(tags[i])))
	}
	return r
}

// standIn is a scan of a recursion's relation; its hidden columns stand apart.
func (b *binder) standIn(rel *catalog.Relation) (r *relation, hidden []logical.ColID) {
	scan := &logical.Scan{Relation: rel}
	r = &relation{node: scan}
	for i, c := range rel.Columns {
		id := b.md.New(c.Name, c.Type)
		scan.Attrs, scan.Cols = append(scan.Attrs, i), append(scan.Cols, id)
		if c.Hidden {
			hidden = append(hidden, id)
		} else {
			r.cols = append(r.cols, outCol{c.Name, id})
		}
	}
	return r, hidden
}

// tie is an equality of something with columns of the query around, taken out of a recursion's first term: the recursion is run for all
// values of col, and who reads its result picks those of its own row.
type tie struct {
	col   logical.ColID
	call  *expr.Call
	inner int // which of the equality's operands is not from around
}

// again is the equality with a column of the result.
func (t tie) again(n expr.Node) expr.Node {
	args := slices.Clone(t.call.Args)
	args[t.inner] = n
	return t.call.With(args)
}

// untie takes the columns of the query around out of a recursion's first term, if they stand in equalities of its WHERE only, and adds
// what they are compared with to its columns.
func (b *binder) untie(seed *relation) []tie {
	free := logical.Free(seed.node)
	p, ok := seed.node.(*logical.Project)
	if free.Empty() || !ok {
		return nil
	}
	f, ok := p.Input.(*logical.Filter)
	if !ok {
		return nil
	}
	var rest []expr.Node
	var ties []tie
	items := slices.Clone(p.Items)
	for _, cond := range f.Conds {
		call, ok := cond.(*expr.Call)
		if !logical.ExprCols(cond).Intersects(free) || !ok || call.Fn.Name != "=" {
			rest = append(rest, cond)
			continue
		}
		t := tie{call: call}
		if logical.ExprCols(call.Args[0]).Intersects(free) {
			t.inner = 1
		}
		t.col = b.md.New("outer", call.Args[t.inner].Type())
		items, ties = append(items, logical.Item{Col: t.col, Expr: call.Args[t.inner]}), append(ties, t)
		seed.cols = append(seed.cols, outCol{"outer", t.col})
	}
	seed.node = &logical.Project{Input: logical.NewFilter(f.Input, rest...), Items: items}
	return ties
}

// carry adds columns that the recursive term reads to what it gives.
func (b *binder) carry(step *relation, cols []logical.ColID) {
	for _, c := range cols {
		step.node = b.carryUp(step.node, c)
		step.cols = append(step.cols, outCol{"outer", c})
	}
}

func (b *binder) carryUp(n logical.Node, c logical.ColID) logical.Node {
	p, ok := n.(*logical.Project)
	if !ok || logical.OutputSet(n).Has(c) {
		return n
	}
	return &logical.Project{Input: b.carryUp(p.Input, c), Items: append(slices.Clone(p.Items), logical.Item{Col: c, Expr: b.md.Ref(c)})}
}

// recursionTerms takes a WITH query that reads itself apart.
func (b *binder) recursionTerms(d *ast.CTE) (seed, step ast.SelectBody, link ast.SetLink) {
	if !b.recursing {
		panic(sqlerr.Unsupported("WITH RECURSIVE here", "It is run by SELECT alone: what reads its own result is not maintained in a view, and INSERT reads no such query.").At(d.Pos))
	}
	s, ok := d.Statement.(*ast.Select)
	var op *ast.SetOp
	if ok {
		op, ok = s.Body.(*ast.SetOp)
	}
	if !ok || op.Links[len(op.Links)-1].Kind != ast.SetUnion {
		fail(d.Pos, sqlerr.InvalidRecursion, "recursive query %q does not have the form non-recursive-term UNION [ALL] recursive-term", d.Name)
	}
	switch {
	case len(s.OrderBy) > 0:
		unsupported(s.OrderBy[0].Expr.Position(), "ORDER BY in a recursive query", "Order what reads it.")
	case s.Limit != nil || s.Offset != nil || s.With != nil:
		unsupported(d.Pos, "LIMIT, OFFSET or WITH in a recursive query", "Put it into the query that reads the recursive one.")
	}
	last := len(op.Inputs) - 1
	seed = op.Inputs[0]
	if last > 1 {
		seed = &ast.SetOp{Inputs: op.Inputs[:last], Links: op.Links[:last-1]}
	}
	if refersTo(&ast.Select{Pos: seed.Position(), Body: seed}, d.Name) {
		fail(d.Pos, sqlerr.InvalidRecursion, "recursive reference to query %q must not appear within its non-recursive term", d.Name)
	}
	return seed, op.Inputs[last], op.Links[last-1]
}

// sameColumns gives the recursive term the columns of the other, which it must have by itself, but for untyped literals.
func (b *binder) sameColumns(d *ast.CTE, columns []catalog.Column, step *relation, body ast.SelectBody) {
	if len(step.cols) != len(columns) {
		fail(step.position(0, body.Position()), sqlerr.SyntaxError, "each UNION query must have the same number of columns")
	}
	want := step.types(b.md)
	for i, have := range want {
		want[i] = columns[i].Type
		if !isUnknown(have) && !have.Same(want[i]) && !canCast(have, want[i], implicitCast) {
			panic(sqlerr.New(sqlerr.DatatypeMismatch, "recursive query %q column %d has type %s in non-recursive term but type %s overall", d.Name, i+1, want[i], have).
				WithHint("Cast the output of the non-recursive term to the correct type.").At(step.position(i, body.Position())))
		}
	}
	b.retype(step, want, implicitCast, func(i int) int { return step.position(i, body.Position()) })
}

// term is a bound term as a query of its own.
func (b *binder) term(r *relation, pos int) *Query {
	out := logical.OutputSet(r.node)
	for _, c := range r.cols {
		if !out.Has(c.id) {
			unsupported(pos, "a recursive term that groups what it reads, in a query that reads a column of the query around it", "Join the column to its result instead.")
		}
	}
	if !logical.Free(r.node).Empty() {
		unsupported(pos, "a recursive query that reads a column of the query around it otherwise than in an equality of its first term's WHERE", "Join the column to its result instead.")
	}
	return &Query{Plan: r.node, Columns: r.columns(), MD: b.md, Params: b.params}
}
