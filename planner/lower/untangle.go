package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
)

// untangle keeps stages from reading each other in a circle. A shared subplan may reach an operator both directly and through an
// exchange; both ends are then in one stage, which would wait at each barrier for the stages between, and they for it. In a stage
// that is in such a circle, an edge to an operator with more exchanges below it gets a forward exchange. After that all operators of
// the stage have as many exchanges below them, and an exchange leads to an operator with more: no way leads back.
func untangle(nodes []physical.Node) []physical.Node {
	t := tangle{nodes: nodes, stage: make([]int, len(nodes)), level: make([]int, len(nodes)), reads: map[int][]int{}}
	t.stages()
	circular := map[int]bool{}
	for s := range t.reads {
		circular[s] = t.reaches(s, s, map[int]bool{})
	}
	out, moved := make([]physical.Node, 0, len(nodes)), make([]int, len(nodes))
	for i, n := range nodes {
		n.Inputs = slices.Clone(n.Inputs)
		for k, in := range n.Inputs {
			n.Inputs[k] = moved[in]
			if !t.exchange(in) && circular[t.stage[i]] && t.level[in] < t.level[i] {
				below := out[moved[in]]
				n.Inputs[k] = len(out)
				out = append(out, physical.Node{Op: &physical.Exchange{Exchange: physical.ForwardExchange}, Inputs: []int{moved[in]},
					Types: below.Types, Names: below.Names, Props: below.Props})
			}
		}
		moved[i] = len(out)
		out = append(out, n)
	}
	return out
}

type tangle struct {
	nodes []physical.Node
	// stage is a number of a node's stage, level how many exchanges at most lie below it.
	stage, level []int
	// reads are, by stage, those whose exchanges it reads.
	reads map[int][]int
}

func (t *tangle) exchange(node int) bool {
	_, ok := t.nodes[node].Op.(*physical.Exchange)
	return ok
}

// stages finds which nodes are joined by edges other than exchanges' outputs, and which stage reads which.
func (t *tangle) stages() {
	for i := range t.nodes {
		t.stage[i] = i
		for _, in := range t.nodes[i].Inputs {
			if t.exchange(in) {
				t.level[i] = max(t.level[i], t.level[in]+1)
				continue
			}
			t.level[i] = max(t.level[i], t.level[in])
			joined := t.stage[in]
			for j, s := range t.stage[:i] {
				if s == joined {
					t.stage[j] = t.stage[i]
				}
			}
		}
	}
	for i := range t.nodes {
		for _, in := range t.nodes[i].Inputs {
			if t.exchange(in) {
				t.reads[t.stage[i]] = append(t.reads[t.stage[i]], t.stage[in])
			}
		}
	}
}

// reaches reports whether a stage reads another, perhaps through others.
func (t *tangle) reaches(from, to int, seen map[int]bool) bool {
	return slices.ContainsFunc(t.reads[from], func(s int) bool {
		if s == to {
			return true
		}
		if seen[s] {
			return false
		}
		seen[s] = true
		return t.reaches(s, to, seen)
	})
}
