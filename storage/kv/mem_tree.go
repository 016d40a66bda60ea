package kv

import (
	"bytes"

	"github.com/zeebo/xxh3"
)

// node is the root of a treap: a search tree by key, a heap by priority. Nodes are never changed: an update copies the
// path to the root, so that a root is a snapshot for free. The priority is the key's hash, so that the tree's shape, and
// with it the time that every operation takes, is a function of what is in it.
type node struct {
	key, value  []byte
	prio        uint64
	left, right *node
}

// with is n with other subtrees.
func (n *node) with(left, right *node) *node {
	return &node{n.key, n.value, n.prio, left, right}
}

// split gives the keys below key, and the rest.
func (n *node) split(key []byte) (below, rest *node) {
	if n == nil {
		return nil, nil
	}
	if bytes.Compare(n.key, key) < 0 {
		l, r := n.right.split(key)
		return n.with(n.left, l), r
	}
	l, r := n.left.split(key)
	return l, n.with(r, n.right)
}

// join puts together two trees, all keys of a being below those of b.
func join(a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.prio >= b.prio:
		return a.with(a.left, join(a.right, b))
	default:
		return b.with(join(a, b.left), b.right)
	}
}

func (n *node) get(key []byte) *node {
	for n != nil {
		switch c := bytes.Compare(key, n.key); {
		case c < 0:
			n = n.left
		case c > 0:
			n = n.right
		default:
			return n
		}
	}
	return nil
}

func (n *node) set(key, value []byte) *node {
	below, rest := n.split(key)
	_, above := rest.split(after(key))
	return join(join(below, &node{key: key, value: value, prio: xxh3.Hash(key)}), above)
}

func (n *node) deleteRange(r Range) *node {
	below, rest := n.split(r.Lower)
	_, above := rest.split(r.Upper)
	return join(below, above)
}

// apply is n after the changes of b.
func (n *node) apply(b *Batch) *node {
	for _, o := range b.ops {
		key := bytes.Clone(b.bytes(o.key))
		switch o.kind {
		case opSet:
			n = n.set(key, bytes.Clone(b.bytes(o.value)))
		case opDelete:
			n = n.deleteRange(Range{key, after(key)})
		case opDeleteRange:
			n = n.deleteRange(Range{key, b.bytes(o.value)})
		}
	}
	return n
}

// after is the smallest key above key.
func after(key []byte) []byte { return append(key[:len(key):len(key)], 0) }

// memIterator walks over a snapshot.
type memIterator struct {
	mem  *Mem
	root *node
	r    Range
	// path is the nodes from the root to the current one that are not below it: the current one is last, and the one
	// before it is the next in order, and so on.
	path    []*node
	started bool
	err     error
}

// Next implements Iterator.
func (it *memIterator) Next() bool {
	if !it.started {
		return it.Seek(it.r.Lower)
	}
	if len(it.path) == 0 {
		return false
	}
	n := it.path[len(it.path)-1]
	it.path = it.path[:len(it.path)-1]
	for n = n.right; n != nil; n = n.left {
		it.path = append(it.path, n)
	}
	return it.inRange()
}

// Seek implements Iterator.
func (it *memIterator) Seek(key []byte) bool {
	if bytes.Compare(key, it.r.Lower) < 0 {
		key = it.r.Lower
	}
	it.started, it.path = true, it.path[:0]
	for n := it.root; n != nil; {
		if bytes.Compare(n.key, key) < 0 {
			n = n.right
		} else {
			it.path = append(it.path, n)
			n = n.left
		}
	}
	return it.inRange()
}

// Last implements Iterator.
func (it *memIterator) Last() bool {
	var last *node
	for n := it.root; n != nil; {
		if it.r.Upper != nil && bytes.Compare(n.key, it.r.Upper) >= 0 {
			n = n.left
		} else {
			last, n = n, n.right
		}
	}
	if last == nil || bytes.Compare(last.key, it.r.Lower) < 0 {
		it.started, it.path = true, it.path[:0]
		return false
	}
	return it.Seek(last.key)
}

// inRange ends the walk if the current key is past the range.
func (it *memIterator) inRange() bool {
	if len(it.path) > 0 && it.r.Upper != nil && bytes.Compare(it.Key(), it.r.Upper) >= 0 {
		it.path = it.path[:0]
	}
	return len(it.path) > 0 && it.err == nil
}

// Key implements Iterator.
func (it *memIterator) Key() []byte { return it.path[len(it.path)-1].key }

// Value implements Iterator.
func (it *memIterator) Value() ([]byte, error) {
	if err := it.mem.read(); err != nil {
		it.err = err
		return nil, err
	}
	return it.path[len(it.path)-1].value, nil
}

// Err implements Iterator.
func (it *memIterator) Err() error { return it.err }

// Close implements Iterator.
func (it *memIterator) Close() error { return nil }
