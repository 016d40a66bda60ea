package bind

import (
	"fmt"
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// windowTable binds the window table functions: the input's columns, then window_start and window_end of the time column's type.
func (b *binder) windowTable(t *ast.WindowTable, s *scope) (logical.Node, []*fromItem) {
	in, items := b.tableExpr(t.Input, s)
	x := b.context(&scope{outer: s.outer, items: items, query: s.query}, t.Kind.String())
	col, ok := logical.ColumnOf(x.column(t.Time))
	if !ok || !logical.OutputSet(in).Has(col) {
		fail(t.Time.Position(), sqlerr.InvalidColumnReference, "the time of %s must be a column of its input", t.Kind)
	}
	typ := b.md.Type(col)
	if typ.ID != types.Timestamp && typ.ID != types.Timestamptz || typ.Array {
		panic(sqlerr.New(sqlerr.DatatypeMismatch, "the time column of %s must be of type timestamp or timestamptz, not %s", t.Kind, typ.Plain()).
			WithHint("Cast it in a subquery: %s((SELECT *, x::timestamp AS at FROM r), at, …).", t.Kind).At(t.Time.Position()))
	}
	if scan, ok := b.arrivals[col]; ok {
		scan.ByClock = true
	}
	start, end := b.md.New("window_start", typ), b.md.New("window_end", typ)
	var w logical.Node
	if t.Kind == ast.WindowSession {
		session := &logical.Session{Time: col, Start: start, End: end, Gap: b.windowLength(t.Size, "gap", t.Kind)}
		session.Input, session.PartitionBy = b.partitions(in, x, t.PartitionBy)
		w = session
	} else {
		w = &logical.WindowAssign{Input: in, Time: col, Start: start, End: end, Spec: b.windowSpec(t)}
	}
	cols := append(visible(items), outCol{"window_start", start}, outCol{"window_end", end})
	name := items[0].name
	it := b.named(cols, name, t.Alias, t.Pos)
	it.relVisible = it.name != ""
	return w, []*fromItem{it}
}

// partitions are the columns of PARTITION BY; what is no plain column is computed beside the input's.
func (b *binder) partitions(in logical.Node, x *exprContext, keys []ast.Expr) (logical.Node, []logical.ColID) {
	var cols []logical.ColID
	var items []logical.Item
	for _, k := range keys {
		e := x.groupOrOrder(k)
		b.mustEqual(e.Type(), start(k))
		c, ok := logical.ColumnOf(e)
		if !ok || !logical.OutputSet(in).Has(c) {
			c = b.md.New("partition", e.Type())
			items = append(items, logical.Item{Col: c, Expr: e})
		}
		if !slices.Contains(cols, c) {
			cols = append(cols, c)
		}
	}
	return logical.Extend(b.md, x.attach(in), items), cols
}

// windowSpec checks the lengths: constant, positive, and the slide a divisor of the size.
func (b *binder) windowSpec(t *ast.WindowTable) physical.WindowAssign {
	kinds := [...]physical.WindowKind{physical.Tumble, physical.Hop, physical.Cumulate}
	spec := physical.WindowAssign{Window: kinds[t.Kind], Size: b.windowLength(t.Size, "size", t.Kind)}
	spec.Slide = spec.Size
	if t.Step != nil {
		what := "slide"
		if t.Kind == ast.WindowCumulate {
			what = "step"
		}
		spec.Slide = b.windowLength(t.Step, what, t.Kind)
		if spec.Slide > spec.Size || spec.Size%spec.Slide != 0 {
			hint := "Choose a " + what + " that divides the size: windows that overlap are made of parts of that length."
			if spec.Slide > spec.Size {
				hint = t.Kind.String() + " takes the " + what + " before the size."
			}
			panic(sqlerr.New(sqlerr.InvalidParameterValue, "the size of %s must be a multiple of its %s", t.Kind, what).
				WithHint("%s", hint).At(start(t.Step)))
		}
	}
	if t.Offset != nil {
		spec.Offset = b.constantInterval(t.Offset, "offset", t.Kind)
	}
	return spec
}

// windowLength is a constant interval above zero, in microseconds.
func (b *binder) windowLength(e ast.Expr, what string, k ast.WindowKind) int64 {
	n := b.constantInterval(e, what, k)
	if n <= 0 {
		fail(start(e), sqlerr.InvalidParameterValue, "the %s of %s must be greater than zero", what, k)
	}
	return n
}

func (b *binder) constantInterval(e ast.Expr, what string, k fmt.Stringer) int64 {
	x := b.context(&scope{}, k.String())
	n := expr.Fold(b.coerceTo(x.expr(e), types.T(types.Interval), k.String(), start(e)))
	c, ok := n.(*expr.Const)
	if !ok || c.Value.Null {
		panic(sqlerr.New(sqlerr.InvalidParameterValue, "the %s of %s must be a constant interval", what, k).At(start(e)))
	}
	months, days, micros := c.Value.W.Interval()
	if months != 0 {
		panic(sqlerr.New(sqlerr.InvalidParameterValue, "the %s of %s must have a fixed length", what, k).
			WithHint("Months and years differ in length; use days.").At(start(e)))
	}
	const day = 24 * 60 * 60 * 1_000_000
	if int64(days) > (1<<62)/day || int64(days) < -(1<<62)/day || micros > 1<<62 || micros < -(1<<62) {
		fail(start(e), sqlerr.IntervalFieldOverflow, "the %s of %s is out of range", what, k)
	}
	return int64(days)*day + micros
}
