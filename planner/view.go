package planner

import (
	"slices"

	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// ViewPlan is the planned query of a view or a sink. Its plan's Root has the key by which the view is read, if one was proved, and
// its Notes say what state grows without bound.
type ViewPlan struct {
	Query
	// AppendOnly says that no row of the view is ever taken back.
	AppendOnly bool
	// Watermark is the first column that still carries a watermark, or better the first that holds the ends of closed windows; nil if
	// none does, or if it is the clock's, which goes on where the view does not.
	Watermark *catalog.Watermark
}

// View plans a query that is to be maintained. ORDER BY without LIMIT means nothing to a view's rows and is left out.
func View(ctx *bind.Context, stmt *ast.Select, o Options) (*ViewPlan, error) {
	maintained := *ctx
	maintained.View = true
	o.View = true
	q, err := Select(&maintained, stmt, o)
	if err != nil {
		return nil, err
	}
	if err := checkLookUps(q.Plan); err != nil {
		return nil, sqlerr.From(err).At(stmt.Position())
	}
	if o.EmitOnClose {
		if err := checkEmitOnClose(ctx.Catalog, q.Plan); err != nil {
			return nil, sqlerr.From(err).At(stmt.Position())
		}
	}
	if o.AllowedLateness > 0 && !slices.ContainsFunc(q.Plan.Nodes, func(n physical.Node) bool { return allows(n.Op) }) {
		q.Plan.Notes = append(q.Plan.Notes, "allowed_lateness has no effect: no row of this view can be late, as it closes no windows of a stream with a watermark")
	}
	props := &q.Plan.Output().Props
	v := &ViewPlan{Query: *q, AppendOnly: props.AppendOnly}
	switch {
	case slices.ContainsFunc(q.Plan.Nodes, func(n physical.Node) bool { s, ok := n.Op.(*physical.Scan); return ok && s.ByClock }):
	case len(props.Closed) > 0:
		v.Watermark = &catalog.Watermark{Column: props.Closed[0], Closed: true}
	case len(props.Watermarks) > 0:
		v.Watermark = &catalog.Watermark{Column: props.Watermarks[0]}
	}
	return v, nil
}

// checkLookUps fails if a join FOR SYSTEM_TIME AS OF PROCTIME() has a left side whose rows may be taken back: it is not known any more
// what they were joined with.
func checkLookUps(p *physical.Plan) error {
	for i := range p.Nodes {
		if j, ok := p.Nodes[i].Op.(*physical.Join); ok && j.LookUp && !j.LeftAppendOnly {
			return sqlerr.Unsupported("FOR SYSTEM_TIME AS OF PROCTIME() behind what retracts rows", "Its left side has to be append-only: a stream, or windows under EMIT ON WINDOW CLOSE.")
		}
	}
	return nil
}

// revises reports whether a node, or one below it, takes back rows for another reason than that their time is over: by ttl, or by now().
func revises(p *physical.Plan, n *physical.Node) bool {
	if n.Props.AppendOnly {
		return false
	}
	switch n.Op.(type) {
	case *physical.Expiry, *physical.Temporal:
		return revises(p, &p.Nodes[n.Inputs[0]])
	}
	below := slices.DeleteFunc(slices.Clone(n.Inputs), func(i int) bool { return p.Nodes[i].Props.AppendOnly })
	return len(below) == 0 || slices.ContainsFunc(below, func(i int) bool { return revises(p, &p.Nodes[i]) })
}

// checkEmitOnClose fails if the plan has nothing that waits for windows to close, and says what it lacks for that; or if there is more
// above that which would take rows back.
func checkEmitOnClose(c *catalog.Catalog, p *physical.Plan) error {
	if slices.ContainsFunc(p.Nodes, func(n physical.Node) bool { return waits(n.Op) }) {
		if revises(p, p.Output()) {
			return sqlerr.New(sqlerr.FeatureNotSupported, "EMIT ON WINDOW CLOSE needs rows that are final, and the query revises what it makes of closed windows").
				WithHint("CREATE VIEW for the windows with EMIT ON WINDOW CLOSE, and another over it for the rest, without; or group by the window's end.")
		}
		return nil
	}
	err := sqlerr.New(sqlerr.FeatureNotSupported, "EMIT ON WINDOW CLOSE needs a grouping by the windows of a stream with a watermark")
	use := "Group by window_end of TUMBLE, HOP, CUMULATE or SESSION over the watermark column %q."
	if slices.ContainsFunc(p.Nodes, func(n physical.Node) bool { _, ok := n.Op.(*physical.Match); return ok }) {
		err = sqlerr.New(sqlerr.FeatureNotSupported, "EMIT ON WINDOW CLOSE needs MATCH_RECOGNIZE over append-only rows in the order of a watermark")
		use = "ORDER BY the watermark column %q first, ascending."
	}
	var unmarked []*catalog.Relation
	for _, oid := range p.Relations() {
		r, ok := c.RelationByOID(oid)
		if ok && r.Watermark != nil {
			return err.WithHint(use, r.Columns[r.Watermark.Column].Name)
		}
		if ok && r.Kind == catalog.Stream {
			unmarked = append(unmarked, r)
		}
	}
	if len(unmarked) > 0 {
		return err.WithHint("Declare a watermark: CREATE STREAM %s (…, WATERMARK FOR column AS column - INTERVAL '5 seconds').", ast.QuoteIdent(unmarked[0].Name))
	}
	return err.WithHint("Read a stream that is declared with WATERMARK FOR column AS column - INTERVAL '5 seconds'.")
}

// waits reports whether an operator holds windows back until they have closed.
func waits(op physical.Op) bool {
	switch x := op.(type) {
	case *physical.Aggregate:
		return x.EmitOnClose
	case *physical.Join:
		return x.Bound != nil && x.Bound.OnClose
	case *physical.Asof:
		return x.OnClose
	case *physical.Session:
		return x.EmitOnClose
	case *physical.Match:
		return x.EmitOnClose
	case *physical.SessionAggregate:
		return x.EmitOnClose
	case *physical.SliceAggregate:
		return x.Final
	case *physical.Hold:
		return true
	}
	return false
}

// allows reports whether an operator takes rows of windows that have ended.
func allows(op physical.Op) bool {
	switch x := op.(type) {
	case *physical.WindowAssign:
		return x.Allowed > 0
	case *physical.Stamp:
		return x.Allowed > 0
	case *physical.OnTime:
		return x.Allowed > 0
	}
	return false
}
