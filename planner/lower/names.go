package lower

import (
	"fmt"

	"github.com/streamdb/streamdb/planner/logical"
)

// names are what EXPLAIN calls columns: a stored column of a plan over several relations has its relation's name before it, numbered
// where a relation is read twice.
type names struct {
	md   *logical.Columns
	scan map[logical.ColID]string
}

func newNames(md *logical.Columns, n logical.Node) *names {
	out := &names{md: md, scan: map[logical.ColID]string{}}
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
		for _, c := range s.Cols {
			out.scan[c] = name + "." + md.Get(c).Name
		}
	}
	return out
}

func (n *names) of(c logical.ColID) string {
	if name, ok := n.scan[c]; ok {
		return name
	}
	return n.md.Get(c).Name
}
