package explain

import (
	"fmt"
	"strings"
	"time"

	"github.com/streamdb/streamdb/planner/physical"
)

// view is a node with its inputs' columns at hand.
type view struct {
	plan *physical.Plan
	node *physical.Node
}

// input are the names of the columns of an input; of a join's, left and then right, for -1.
func (v *view) input(i int) []string {
	if i >= 0 {
		return v.plan.Nodes[v.node.Inputs[i]].Names
	}
	return append(append([]string(nil), v.input(0)...), v.input(1)...)
}

// title is the operator's name and what it is over.
func (v *view) title() string {
	switch x := v.node.Op.(type) {
	case *physical.Root:
		return "Result"
	case *physical.Scan:
		return scanTitle(x)
	case *physical.Values:
		return fmt.Sprintf("Values (%s)", count(len(x.Rows), "row"))
	case *physical.TableFunc:
		return "Function Scan"
	case *physical.PartialAggregate:
		return "Partial Aggregate"
	case *physical.SessionAggregate:
		return "Session Aggregate"
	case *physical.SliceAggregate:
		return "Slice Aggregate"
	case *physical.Hold:
		return "Window Buffer"
	case *physical.WindowAssign:
		if x.Slices {
			return "Slices " + strings.ToUpper(string(x.Window))
		}
		return "Window " + strings.ToUpper(string(x.Window))
	case *physical.Stamp:
		return "Watermark Stamp"
	case *physical.Session:
		return "Window SESSION"
	case *physical.Aggregate:
		if len(x.Keys) == 0 {
			return "Aggregate"
		}
		return "Hash Aggregate"
	case *physical.Join:
		return joinTitle(x)
	case *physical.SetOp:
		return allOf(strings.ToUpper(string(x.Set[:1]))+string(x.Set[1:]), x.All)
	case *physical.Union:
		return "Union All"
	case *physical.TopN, *physical.FirstRows:
		return "Top-N"
	case *physical.Over:
		return "Window Functions"
	case *physical.Match:
		return "Match Recognize"
	case *physical.MaxOneRow:
		return "Single Row"
	case *physical.Asof:
		if x.Outer {
			return "Asof Left Join"
		}
		return "Asof Join"
	case *physical.OnTime:
		return "Late Rows"
	case *physical.Temporal:
		return "Temporal Filter"
	case *physical.Expiry:
		return "Row Expiry"
	case *physical.Exchange:
		return "Exchange " + string(x.Exchange)
	}
	return v.node.Op.Kind()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func allOf(name string, all bool) string {
	if all {
		return name + " All"
	}
	return name
}

// scanTitle is PostgreSQL's for a scan of an index. A view's own key has no name.
func scanTitle(x *physical.Scan) string {
	switch {
	case x.Range != nil && x.Range.Name != "":
		return "Index Scan using " + x.Range.Name + " on " + x.Name
	case x.KeyName != "":
		return "Index Scan using " + x.KeyName + " on " + x.Name
	case len(x.Lookup) > 0 || x.Range != nil:
		return "Key Scan on " + x.Name
	}
	return "Scan on " + x.Name
}

func joinTitle(j *physical.Join) string {
	how := "Hash "
	if len(j.LeftKeys) == 0 {
		how = "Nested Loop "
	}
	kind := map[physical.JoinKind]string{physical.InnerJoin: "Join", physical.LeftJoin: "Left Join", physical.RightJoin: "Right Join",
		physical.FullJoin: "Full Join", physical.SemiJoin: "Semi Join", physical.AntiJoin: "Anti Join"}[j.Join]
	if j.LookUp {
		kind += " (look-up)"
	}
	return how + kind
}

// names picks names by position.
func names(all []string, at []int) string {
	out := make([]string, len(at))
	for i, c := range at {
		out[i] = all[c]
	}
	return strings.Join(out, ", ")
}

func order(all []string, keys []physical.SortKey) string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = all[k.Column]
		if k.Desc {
			out[i] += " DESC"
		}
		if k.NullsFirst != k.Desc {
			out[i] += map[bool]string{true: " NULLS FIRST", false: " NULLS LAST"}[k.NullsFirst]
		}
	}
	return strings.Join(out, ", ")
}

func exprs(list []physical.Expr) string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.String()
	}
	return strings.Join(out, ", ")
}

func micros(n int64) string { return (time.Duration(n) * time.Microsecond).String() }
