package lower

import (
	"fmt"
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
)

// anonymous is the name of a column that stands for an expression; EXPLAIN shows the expression.
const anonymous = "?column?"

// names are what EXPLAIN calls columns: a stored column of a plan over several relations has its relation's name before it, numbered
// where a relation is read twice, and a column that the planner has made is called by its expression.
type names struct {
	md    *logical.Columns
	known map[logical.ColID]string
}

func newNames(md *logical.Columns, n logical.Node) *names {
	out := &names{md: md, known: map[logical.ColID]string{}}
	var scans []*logical.Scan
	logical.Walk(n, func(n logical.Node) {
		if s, ok := n.(*logical.Scan); ok {
			scans = append(scans, s)
		}
	})
	if len(scans) < 2 {
		return out
	}
	seen := map[string]int{}
	for _, s := range scans {
		name := s.Relation.Name
		if k := seen[name]; k > 0 {
			name = fmt.Sprintf("%s_%d", name, k)
		}
		seen[s.Relation.Name]++
		for _, c := range s.Output() {
			out.known[c] = name + "." + md.Get(c).Name
		}
	}
	return out
}

func (n *names) of(c logical.ColID) string {
	if name, ok := n.known[c]; ok {
		return name
	}
	return n.md.Get(c).Name
}

// made are the names that the binder and the rules give columns of their own making.
var made = []string{anonymous, "arg", "filter", "partition", "order", "on", "key"}

// computed names a column by its expression, unless it has a name of its own.
func (n *names) computed(c logical.ColID, e physical.Expr) {
	if _, ok := n.known[c]; !ok && slices.Contains(made, n.md.Get(c).Name) {
		n.known[c] = e.String()
	}
}
