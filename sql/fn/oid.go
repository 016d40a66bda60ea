package fn

import "sync"

// firstOID is where the OIDs of functions begin: the range that PostgreSQL gives objects which initdb makes. They are
// numbered in the order of the lists, so they say nothing beyond one version.
const firstOID = 12000

var oids = sync.OnceValue(func() map[*Func]uint32 {
	m := map[*Func]uint32{}
	for i, f := range Functions() {
		m[f] = firstOID + uint32(i)
	}
	return m
})

// OID is the number of a function in pg_proc; 0 for what is none (an operator).
func OID(f *Func) uint32 { return oids()[f] }

// ByOID is the function with a number, or nil.
func ByOID(oid uint32) *Func {
	all := Functions()
	if oid < firstOID || oid >= firstOID+uint32(len(all)) {
		return nil
	}
	return all[oid-firstOID]
}
