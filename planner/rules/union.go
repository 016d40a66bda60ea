package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
)

// flattenUnions makes a union of unions one.
func flattenUnions(c *Context, n logical.Node) logical.Node {
	return logical.Transform(n, func(n logical.Node) logical.Node {
		u, ok := n.(*logical.Union)
		if !ok {
			return n
		}
		flat := &logical.Union{Cols: u.Cols}
		for i, in := range u.All {
			inner, ok := in.(*logical.Union)
			if !ok {
				flat.All, flat.In = append(flat.All, in), append(flat.In, u.In[i])
				continue
			}
			at := map[logical.ColID]int{}
			for j, c := range inner.Cols {
				at[c] = j
			}
			for k, deep := range inner.All {
				cols := make([]logical.ColID, len(u.Cols))
				for j, c := range u.In[i] {
					cols[j] = inner.In[k][at[c]]
				}
				flat.All, flat.In = append(flat.All, deep), append(flat.In, cols)
			}
		}
		if len(flat.All) == len(u.All) {
			return n
		}
		return flat
	})
}
