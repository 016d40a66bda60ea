package state

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Groups is the number of key groups, the fixed unit in which state is partitioned and moved.
const Groups = 16

// groupBits is how many of the top bits of a hash name the key group.
const groupBits = 4

// GroupOf is the key group of a row whose key has the given hash (of vec.HashRows).
func GroupOf(hash uint64) int { return int(hash >> (64 - groupBits)) }

// InGroup is a hash in a key group that is otherwise like another: for keys that are to be with what only a part of them is the key of.
func InGroup(hash uint64, group int) uint64 { return hash>>groupBits | uint64(group)<<(64-groupBits) }

// Spec says what rows an arrangement holds and how they are found.
type Spec struct {
	// Types are the columns, the key first.
	Types []types.Type
	// Key is how many of the first columns are the key. It may be 0: then all rows have one (empty) key.
	Key int
	// Unique says that there is one row per key, of weight 1. Only for Hashed.
	Unique bool
	// Order are the columns that follow the key in the sort order. Only for Ordered.
	Order []Order
}

// Order is one column of a sort order.
type Order struct {
	// Col is the index in Spec.Types.
	Col int
	vec.Order
}
