package explain

import (
	"fmt"
	"strings"

	"github.com/streamdb/streamdb/planner/physical"
)

// Plan gives the lines of a plan's text. stats are put behind the operators' names, by node; nil for none.
func Plan(p *physical.Plan, stats map[int]string) []string {
	w := &writer{plan: p, stats: stats, readers: make([]int, len(p.Nodes)), shared: map[int]int{}}
	for i := range p.Nodes {
		for _, in := range p.Nodes[i].Inputs {
			w.readers[in]++
		}
	}
	w.node(len(p.Nodes)-1, "", "")
	for _, n := range p.Notes {
		w.lines = append(w.lines, "Note: "+n)
	}
	return w.lines
}

type writer struct {
	plan    *physical.Plan
	stats   map[int]string
	lines   []string
	readers []int
	// shared numbers the nodes with several readers that have been written.
	shared map[int]int
}

// node writes a node: its name behind first, its lines and inputs behind rest.
func (w *writer) node(i int, first, rest string) {
	if k, ok := w.shared[i]; ok {
		w.lines = append(w.lines, fmt.Sprintf("%sShared #%d", first, k))
		return
	}
	n := &w.plan.Nodes[i]
	v := &view{plan: w.plan, node: n}
	head := v.title() + marks(n)
	if w.readers[i] > 1 {
		w.shared[i] = len(w.shared) + 1
		head += fmt.Sprintf("  [shared #%d]", w.shared[i])
	}
	if s := w.stats[i]; s != "" {
		head += "  " + s
	}
	w.lines = append(w.lines, first+head)
	for _, d := range v.details() {
		w.lines = append(w.lines, rest+"  "+d)
	}
	for _, in := range n.Inputs {
		w.node(in, rest+"  ->  ", rest+"      ")
	}
}

// marks are the proved properties that matter to a reader: whether rows are ever taken back, and what carries a watermark.
func marks(n *physical.Node) string {
	var list []string
	if n.Props.AppendOnly {
		list = append(list, "append-only")
	}
	for _, c := range n.Props.Watermarks {
		list = append(list, "watermark "+n.Names[c])
	}
	switch n.Op.(type) {
	case *physical.Values, *physical.OnTime, *physical.Filter, *physical.Project, *physical.Exchange, *physical.Root:
		return "" // as their input, or of no interest
	}
	if len(list) == 0 {
		return ""
	}
	return "  (" + strings.Join(list, ", ") + ")"
}
