package fn

import (
	"slices"
	"sync"

	"github.com/streamdb/streamdb/sql/types"
)

// Proc is a function of any kind as pg_proc shows it: scalar and set-returning functions, aggregates, window functions, and the
// input and output functions of types, which exist only to be named.
type Proc struct {
	OID  uint32
	Kind byte // pg_proc.prokind: f, a or w
	Name string
	Args []types.Type
	// Variadic, Optional, Set, Columns, Nulls and Vol are as Func's.
	Variadic bool
	Optional int
	Ret      types.Type
	Set      bool
	Columns  []Column
	Nulls    NullRule
	Vol      Volatility
	Doc      string
}

// Procs are all functions: those of Functions under their OID, then aggregates and window functions, numbered on from there,
// then those of types, under PostgreSQL's numbers.
func Procs() []*Proc { return procs() }

var procs = sync.OnceValue(func() []*Proc {
	var out []*Proc
	oid := uint32(firstOID)
	add := func(p Proc) {
		if p.OID == 0 {
			p.OID = oid
			oid++
		}
		out = append(out, &p)
	}
	for _, f := range Functions() {
		add(Proc{Kind: 'f', Name: f.Name, Args: f.Args, Variadic: f.Variadic, Optional: f.Optional, Ret: f.Ret, Set: f.Set, Columns: f.Columns,
			Nulls: f.Nulls, Vol: f.Vol, Doc: f.Doc})
	}
	for _, a := range Aggregates() {
		add(Proc{Kind: 'a', Name: a.Name, Args: a.Args, Ret: a.Ret, Nulls: CalledOnNull, Doc: a.Doc})
	}
	for _, w := range Windows() {
		add(Proc{Kind: 'w', Name: w.Name, Args: w.Args, Optional: w.Optional, Ret: w.Ret, Nulls: CalledOnNull, Doc: w.Doc})
	}
	for _, f := range types.IOFunctions {
		p := Proc{OID: f.OID, Kind: 'f', Name: f.Name, Args: []types.Type{f.Type}, Doc: "I/O"}
		switch f.Suffix {
		case "in":
			p.Args, p.Ret = []types.Type{types.T(types.CString)}, f.Type
		case "out":
			p.Ret = types.T(types.CString)
		case "recv":
			p.Args, p.Ret = []types.Type{types.T(types.Internal)}, f.Type
		case "send":
			p.Ret = types.T(types.Bytea)
		}
		add(p)
	}
	return out
})

// ProcByOID is the function of any kind with a number, or nil.
func ProcByOID(oid uint32) *Proc { return procIndex()[oid] }

var procIndex = sync.OnceValue(func() map[uint32]*Proc {
	m := map[uint32]*Proc{}
	for _, p := range Procs() {
		m[p.OID] = p
	}
	return m
})

// AggregateOID is the number of an aggregate in pg_proc.
func AggregateOID(a *Aggregate) uint32 {
	return firstOID + uint32(len(Functions())+slices.Index(Aggregates(), a))
}
