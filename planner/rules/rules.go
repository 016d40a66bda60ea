package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Context is what rules need beside the plan.
type Context struct {
	MD *logical.Columns
	// Keep are the columns that the statement needs of the plan.
	Keep logical.ColSet
}

// Rule is a rewriting of whole plans.
type Rule struct {
	Name  string
	Apply func(c *Context, n logical.Node) logical.Node
}

// List are the rules in their order. A new rule is a file and a line here.
var List = []Rule{
	{"fold", fold},
	{"push_filters", pushFilters}, // what decorrelate shares takes no conditions afterwards
	{"decorrelate", decorrelate},
	{"simplify_outer_joins", simplifyOuterJoins},
	{"push_filters", pushFilters},
	{"fold", fold}, // decorrelate and push_filters substitute
	{"avoid_cross_joins", avoidCrossJoins},
	{"complete_window_joins", completeWindowJoins},
	{"rank_to_topn", rankToTopN},
	{"flatten_unions", flattenUnions},
	{"null_tests", nullTests},
	{"single_rows", singleRows},
	{"merge_projects", mergeProjects},
	{"prune", prune},
	{"merge_projects", mergeProjects},
	{"share_slices", shareSlices}, // no rule knows what these make
	{"aggregate_sessions", aggregateSessions},
}

// Apply runs all rules on a bound query. Keep are the columns that its result needs: those of the output and of the order. The
// result has no dependent join.
func Apply(n logical.Node, md *logical.Columns, keep logical.ColSet) (logical.Node, error) {
	return ApplyList(List, n, md, keep)
}

// ApplyList runs some rules. A query that would take too much work is 54001; what a rule takes for granted and does not find is an
// internal error.
func ApplyList(list []Rule, n logical.Node, md *logical.Columns, keep logical.ColSet) (out logical.Node, err error) {
	defer func() {
		switch x := recover().(type) {
		case nil:
		case *sqlerr.Error:
			err = x
		default:
			panic(x)
		}
	}()
	c := &Context{MD: md, Keep: keep}
	for _, r := range list {
		n = r.Apply(c, n)
	}
	return n, nil
}

func (c *Context) props() *props.Deriver { return props.New(c.MD) }

// parents count the consumers of each node. A subplan that several share is not rewritten for one of them, as it would then be computed
// twice.
func parents(n logical.Node) map[logical.Node]int {
	out := map[logical.Node]int{}
	logical.Walk(n, func(m logical.Node) {
		for _, in := range m.Inputs() {
			out[in]++
		}
	})
	return out
}
