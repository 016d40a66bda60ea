package system

import (
	"sync/atomic"

	"github.com/streamdb/streamdb/sql/catalog"
)

// keyIndex finds the indexes behind constraints, which a catalog has as parts of tables only. Tools ask of every row of pg_class
// whether it is visible, so looking through all tables each time would take the square of their number.
type keyIndex struct {
	of     *catalog.Catalog
	byOID  map[uint32]class
	byName map[keyName]uint32
}

type keyName struct {
	schema uint32
	name   string
}

// lastKeys is the index of the catalog that was asked of last: most sessions see the same one, and a catalog never changes.
var lastKeys atomic.Pointer[keyIndex]

func keysOf(c *catalog.Catalog) *keyIndex {
	if x := lastKeys.Load(); x != nil && x.of == c {
		return x
	}
	x := &keyIndex{of: c, byOID: map[uint32]class{}, byName: map[keyName]uint32{}}
	for _, r := range c.Relations() {
		for _, k := range keyIndexes(r) {
			x.byOID[k.oid], x.byName[keyName{k.schema, k.name}] = k, k.oid
		}
	}
	lastKeys.Store(x)
	return x
}
