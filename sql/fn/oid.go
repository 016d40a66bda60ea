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

// directory is how a function's own kernel looks other functions up (regproc, pg_get_function_arguments). It is behind an
// interface because the lists of literals hold the kernels, and Go would see a circle in their initialisation.
type directory interface {
	named(name string) []*Func
	numbered(oid uint32) *Proc
	number(f *Func) uint32
}

var allFunctions directory = lists{}

type lists struct{}

func (lists) named(name string) []*Func { return Lookup(name) }
func (lists) numbered(oid uint32) *Proc { return ProcByOID(oid) }
func (lists) number(f *Func) uint32     { return OID(f) }
