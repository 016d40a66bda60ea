package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// cte is a WITH query. It is bound once, where it is first used or at the latest when its level is done; all references share its plan.
type cte struct {
	def   *ast.CTE
	outer *exprContext
	// below are the WITH queries that it can see itself.
	below *withList
	bound *relation
	// recursive says that it reads itself, and self is set while its recursive term is bound.
	recursive bool
	self      *self
}

// withList is the WITH queries in scope, the innermost first.
type withList struct {
	cte  *cte
	next *withList
}

// pushWith brings a WITH clause into scope and gives what takes it out again.
func (b *binder) pushWith(w *ast.With, outer *exprContext) func() {
	saved := b.with
	if w == nil {
		return func() { b.with = saved }
	}
	var own []*cte
	for _, d := range w.CTEs {
		for _, c := range own {
			if c.def.Name == d.Name {
				fail(d.Pos, sqlerr.DuplicateAlias, "WITH query name %q specified more than once", d.Name)
			}
		}
		if _, ok := d.Statement.(*ast.Select); !ok {
			unsupported(d.Statement.Position(), "a data-changing statement in WITH", "Run the statements one after another in a transaction.")
		}
		c := &cte{def: d, outer: outer, below: b.with, recursive: isRecursive(w, d)}
		own = append(own, c)
		b.with = &withList{c, b.with}
		if c.recursive {
			c.below = b.with
		}
	}
	return func() {
		for _, c := range own {
			b.bindCTE(c)
		}
		b.with = saved
	}
}

// refersTo reports whether a statement names a relation anywhere.
func refersTo(s ast.Statement, name string) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		if t, ok := n.(*ast.TableRef); ok && len(t.Name.Parts) == 1 && t.Name.Last() == name {
			found = true
		}
		return !found
	})
	return found
}

func (b *binder) findCTE(name string) *cte {
	for w := b.with; w != nil; w = w.next {
		if w.cte.def.Name == name {
			return w.cte
		}
	}
	return nil
}

// bindCTE binds a WITH query among the ones before it.
func (b *binder) bindCTE(c *cte) {
	if c.bound != nil {
		return
	}
	saved := b.with
	b.with = c.below
	defer func() { b.with = saved }()
	var r *relation
	if c.recursive {
		r = b.recursive(c)
	} else {
		r = b.selectStmt(c.def.Statement.(*ast.Select), c.outer, resolveUnknown)
	}
	if len(c.def.Columns) > len(r.cols) {
		fail(c.def.Pos, sqlerr.InvalidColumnReference, "WITH query %q has %d columns available but %d columns specified",
			c.def.Name, len(r.cols), len(c.def.Columns))
	}
	for i, name := range c.def.Columns {
		r.cols[i].name = name
	}
	c.bound = r
}

// useCTE gives a reference to a WITH query columns of its own over the shared plan.
func (b *binder) useCTE(c *cte) *relation {
	if c.self != nil {
		if c.self.used {
			fail(c.def.Pos, sqlerr.InvalidRecursion, "recursive reference to query %q must not appear more than once", c.def.Name)
		}
		c.self.used = true
		var r *relation
		r, c.self.tags = b.standIn(c.self.work)
		return r
	}
	b.bindCTE(c)
	out := &relation{}
	p := &logical.Project{Input: c.bound.node}
	for _, col := range c.bound.cols {
		id := b.md.Copy(col.id)
		p.Items = append(p.Items, logical.Item{Col: id, Expr: b.md.Ref(col.id)})
		out.cols = append(out.cols, outCol{col.name, id})
	}
	out.node = p
	return out
}
