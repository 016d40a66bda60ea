package lower

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// Options say what a plan is for.
type Options struct {
	// Tasks is how many tasks run a stage; a plan for one has no exchanges.
	Tasks int
	// View says that the plan is maintained, not run once: state that grows is noted, windows close, and the result has no order.
	View bool
	// EmitOnClose says that windows are shown when they have closed.
	EmitOnClose bool
	// AllowedLateness is how many microseconds after its end a window closes.
	AllowedLateness int64
	// TTL is after how many microseconds rows of the view expire; 0: they do not.
	TTL int64
	// Catalog has the indexes that a plan which is run once may use; nil for none.
	Catalog *catalog.Catalog
}

// Result is what a statement wants of its plan.
type Result struct {
	// Names and Cols are the visible columns; a column may be there twice.
	Names []string
	Cols  []logical.ColID
	// OrderBy is the order of the rows, by columns of the plan.
	OrderBy []logical.SortKey
	Params  []types.Type
}

// Plan lowers a plan.
func Plan(md *logical.Columns, n logical.Node, result Result, o Options) (p *physical.Plan, err error) {
	defer func() {
		switch x := recover().(type) {
		case nil:
		case *sqlerr.Error:
			p, err = nil, x
		default:
			panic(x)
		}
	}()
	l := &lowering{md: md, options: o, done: map[logical.Node]rel{}, judges: map[logical.ColID]judge{}, relations: map[int]*catalog.Relation{}, plan: &physical.Plan{Params: result.Params}, names: newNames(md, n)}
	l.props = props.New(md)
	l.props.AdHoc, l.props.EmitOnClose = !o.View, o.EmitOnClose
	l.root(l.lower(n), result)
	if !o.View {
		l.access()
	}
	l.plan.Nodes = untangle(l.plan.Nodes)
	return l.plan, nil
}

// lowering is the state of lowering one plan.
type lowering struct {
	md      *logical.Columns
	options Options
	props   *props.Deriver
	names   *names
	plan    *physical.Plan
	done    map[logical.Node]rel
	// judges are the operators that can judge which rows are late, by the column of the window ends that they give.
	judges map[logical.ColID]judge
	// relations are those of the scans, by node.
	relations map[int]*catalog.Relation
}

// lower lowers a subplan, a shared one once.
func (l *lowering) lower(n logical.Node) rel {
	if r, ok := l.done[n]; ok {
		return r
	}
	r := l.node(n)
	l.done[n] = r
	return r
}

func (l *lowering) node(n logical.Node) rel {
	switch n := n.(type) {
	case *logical.Scan:
		return l.scan(n)
	case *logical.Values:
		return l.values(n)
	case *logical.TableFunc:
		return l.tableFunc(n)
	case *logical.Filter:
		return l.filter(n)
	case *logical.Temporal:
		return l.temporal(n)
	case *logical.Project:
		return l.project(n)
	case *logical.MaxOneRow:
		return l.maxOneRow(n)
	case *logical.WindowAssign:
		return l.windowAssign(n)
	case *logical.Session:
		return l.session(n)
	case *logical.Aggregate:
		return l.aggregate(n)
	case *logical.SessionAggregate:
		return l.sessionAggregate(n)
	case *logical.SliceAggregate:
		return l.sliceAggregate(n)
	case *logical.Join:
		return l.join(n)
	case *logical.Asof:
		return l.asof(n)
	case *logical.Union:
		return l.union(n)
	case *logical.SetOp:
		return l.setOp(n)
	case *logical.TopN:
		return l.topN(n)
	case *logical.Over:
		return l.over(n)
	case *logical.Match:
		return l.match(n)
	}
	panic(sqlerr.Internal("%T cannot be lowered", n))
}

// add appends a node to the plan. unbounded says what of its state grows for ever; empty for nothing.
func (l *lowering) add(op physical.Op, inputs []rel, out rel, unbounded string) rel {
	n := physical.Node{Op: op, Props: out.physicalProps()}
	for _, in := range inputs {
		n.Inputs = append(n.Inputs, in.node)
	}
	n.Types, n.Names = make([]types.Type, len(out.cols)), make([]string, len(out.cols))
	for i, c := range out.cols {
		n.Types[i], n.Names[i] = l.md.Type(c), l.names.of(c)
	}
	if l.options.View {
		n.Props.Unbounded = unbounded
	}
	out.node = len(l.plan.Nodes)
	l.plan.Nodes = append(l.plan.Nodes, n)
	return out
}

// expr is an expression over the columns' positions. Merged projections may have brought constants together, so it is folded once more.
func (l *lowering) expr(e expr.Node, r *rel) physical.Expr {
	if e == nil {
		return physical.Expr{}
	}
	return physical.E(expr.Rewrite(expr.Fold(e), func(n expr.Node) expr.Node {
		if c, ok := n.(*expr.Column); ok {
			id := logical.ColID(c.Index)
			return expr.NewColumn(r.position(id), c.Typ, l.names.of(id))
		}
		return n
	}))
}
