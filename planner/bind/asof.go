package bind

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// nearest is what makes a join one with the right row that is nearest in time: a comparison of a time of each side.
type nearest struct {
	compare     string
	left, right expr.Node
}

// turned are the comparisons with their sides exchanged.
var turned = map[string]string{">=": "<=", ">": "<", "<=": ">=", "<": ">"}

// matchCondition binds MATCH_CONDITION (left.time >= right.time).
func (j *joining) matchCondition(s *scope) *nearest {
	e := j.node.Match
	refuse := func() {
		panic(sqlerr.Unsupported("MATCH_CONDITION that is not one comparison of a time of the left side with one of the right", "Write MATCH_CONDITION (a.at >= b.at), or with >, <= or <.").At(start(e)))
	}
	f := j.b.context(s, "JOIN conditions").filter(e)
	if len(f.values.joins)+len(f.semis.joins) > 0 || len(f.conds) != 1 {
		refuse()
	}
	c, ok := f.conds[0].(*expr.Call)
	if !ok || len(c.Args) != 2 || turned[c.Fn.Name] == "" {
		refuse()
	}
	n := &nearest{compare: c.Fn.Name, left: c.Args[0], right: c.Args[1]}
	if j.isOf(n.left, j.right) && j.isOf(n.right, j.left) {
		n = &nearest{turned[n.compare], n.right, n.left}
	}
	if !j.isOf(n.left, j.left) || !j.isOf(n.right, j.right) {
		refuse()
	}
	n.unify(j.b, start(e))
	return n
}

// unify gives both times one type.
func (n *nearest) unify(b *binder, pos int) {
	pair := []expr.Node{n.left, n.right}
	b.unify(pair, "MATCH_CONDITION", []int{pos, pos})
	n.left, n.right = pair[0], pair[1]
}

// isOf reports whether an expression reads columns of one side, and no others.
func (j *joining) isOf(e expr.Node, side logical.Node) bool {
	cols := logical.ExprCols(e)
	return !cols.Empty() && cols.SubsetOf(logical.OutputSet(side))
}

// temporal binds the time of FOR SYSTEM_TIME AS OF, which sees the left side. A relation with event time has versions by that: the row
// that was the newest of its key then. Any other has the rows that are there when the left row comes.
func (j *joining) temporal(ref *ast.TableRef, s *scope, item *fromItem) {
	rel := item.table
	if processing(ref.ForTime) {
		if rel == nil || rel.AppendOnly {
			unsupported(start(ref.ForTime), "FOR SYSTEM_TIME AS OF PROCTIME() of what is no table", "Rows of a stream are of a time: join them by that, FOR SYSTEM_TIME AS OF a.at or ASOF JOIN.")
		}
		j.lookUp = true
		return
	}
	if rel == nil || rel.Watermark == nil {
		unsupported(start(ref.ForTime), "FOR SYSTEM_TIME AS OF the time of a row, of a relation without event time",
			"Write FOR SYSTEM_TIME AS OF PROCTIME() to see the rows that are there when a row comes, or keep the versions in a stream with WATERMARK FOR.")
	}
	x := j.b.context(s, "FOR SYSTEM_TIME AS OF")
	n := &nearest{compare: ">=", left: x.expr(ref.ForTime), right: j.b.md.Ref(item.cols[rel.Watermark.Column].id)}
	if len(x.joins) > 0 || !j.isOf(n.left, j.left) {
		unsupported(start(ref.ForTime), "FOR SYSTEM_TIME AS OF what is no time of the table to its left", "Name its event-time column, as in FOR SYSTEM_TIME AS OF o.at.")
	}
	n.unify(j.b, start(ref.ForTime))
	j.nearest = n
}

// processing reports whether a time is that at which a row is processed.
func processing(e ast.Expr) bool {
	f, ok := e.(*ast.FuncCall)
	return ok && len(f.Args) == 0 && slices.Contains([]string{"proctime", "now", "current_timestamp"}, f.Name.Last())
}

// make makes the join by conditions that hold for partners.
func (j *joining) make(on []expr.Node) logical.Node {
	if j.nearest == nil {
		return &logical.Join{Kind: j.kind, Left: j.left, Right: j.right, On: on, LookUp: j.lookUp}
	}
	a := &logical.Asof{Left: j.left, Right: j.right, Outer: j.kind == physical.LeftJoin,
		Compare: j.nearest.compare, LeftTime: j.nearest.left, RightTime: j.nearest.right}
	for _, cond := range on {
		switch {
		case j.key(a, cond):
		case j.isOf(cond, j.right):
			a.Right = logical.NewFilter(a.Right, cond)
		case j.isOf(cond, j.left) && !a.Outer:
			a.Left = logical.NewFilter(a.Left, cond)
		default:
			unsupported(j.node.Pos, "a condition of an ASOF or temporal join that is no equality of both sides", "Compare keys in ON, and filter in WHERE or in a subquery.")
		}
	}
	return a
}

// key takes an equality of both sides as a pair of keys.
func (j *joining) key(a *logical.Asof, cond expr.Node) bool {
	l, r, nulls, ok := props.Equality(cond)
	if ok && j.isOf(l, j.right) && j.isOf(r, j.left) {
		l, r = r, l
	}
	if !ok || !j.isOf(l, j.left) || !j.isOf(r, j.right) {
		return false
	}
	a.LeftKeys, a.RightKeys, a.Nulls = append(a.LeftKeys, l), append(a.RightKeys, r), append(a.Nulls, nulls)
	return true
}
