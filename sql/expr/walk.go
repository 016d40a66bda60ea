package expr

import (
	"bytes"
	"reflect"
	"slices"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/zeebo/xxh3"
)

// Walk calls visit for n and then for what is below it; where visit returns false it goes no deeper.
func Walk(n Node, visit func(Node) bool) {
	if !visit(n) {
		return
	}
	for _, c := range n.Children() {
		Walk(c, visit)
	}
}

// Any reports whether test holds for n or anything below it.
func Any(n Node, test func(Node) bool) bool {
	found := false
	Walk(n, func(m Node) bool {
		found = found || test(m)
		return !found
	})
	return found
}

// Rewrite replaces every node by what replace gives for it, operands first. Where nothing changes, the tree is shared.
func Rewrite(n Node, replace func(Node) Node) Node {
	children := n.Children()
	changed := children
	for i, c := range children {
		d := Rewrite(c, replace)
		if d == c {
			continue
		}
		if &changed[0] == &children[0] {
			changed = slices.Clone(children)
		}
		changed[i] = d
	}
	if len(children) > 0 && &changed[0] != &children[0] {
		n = n.With(changed)
	}
	return replace(n)
}

// MapColumns renumbers the columns of n.
func MapColumns(n Node, index func(int) int) Node {
	return Rewrite(n, func(m Node) Node {
		if c, ok := m.(*Column); ok {
			if to := index(c.Index); to != c.Index {
				return NewColumn(to, c.Typ, c.Name)
			}
		}
		return m
	})
}

// ColumnsUsed are the indices of the columns that n reads, ascending.
func ColumnsUsed(nodes ...Node) []int {
	seen := map[int]bool{}
	for _, n := range nodes {
		Walk(n, func(m Node) bool {
			if c, ok := m.(*Column); ok {
				seen[c.Index] = true
			}
			return true
		})
	}
	used := make([]int, 0, len(seen))
	for i := range seen {
		used = append(used, i)
	}
	slices.Sort(used)
	return used
}

// Volatility is that of the most volatile function in n. Casts that read the session's settings are stable.
func Volatility(n Node) fn.Volatility {
	worst := fn.Immutable
	Walk(n, func(m Node) bool {
		worst = max(worst, ownVolatility(m))
		return worst < fn.Volatile
	})
	return worst
}

// ownVolatility is the volatility of n's own step, its operands aside.
func ownVolatility(n Node) fn.Volatility {
	switch n := n.(type) {
	case *Call:
		return n.Fn.Vol
	case *ScalarArray:
		return n.Fn.Vol
	case *Cast:
		return fn.CastVolatility(n.Arg.Type(), n.To)
	}
	return fn.Immutable
}

// Equal reports whether two expressions are the same, node for node.
func Equal(a, b Node) bool {
	if a == b {
		return true
	}
	ca, cb := a.Children(), b.Children()
	if len(ca) != len(cb) || reflect.TypeOf(a) != reflect.TypeOf(b) {
		return false
	}
	if !bytes.Equal(a.AppendOwn(nil), b.AppendOwn(nil)) {
		return false
	}
	for i := range ca {
		if !Equal(ca[i], cb[i]) {
			return false
		}
	}
	return true
}

// Hash is equal for equal expressions, within one process.
func Hash(n Node) uint64 { return xxh3.Hash(appendShape(nil, n)) }

func appendShape(b []byte, n Node) []byte {
	b = append(b, reflect.TypeOf(n).String()...)
	b = n.AppendOwn(b)
	b = append(b, byte(len(n.Children())))
	for _, c := range n.Children() {
		b = appendShape(b, c)
	}
	return b
}

// Types are the types of nodes.
func Types(nodes []Node) []types.Type { return argTypes(nodes) }
