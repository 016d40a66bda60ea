package types

import "strings"

// IO are the OIDs of a type's input, output, receive and send functions in PostgreSQL's pg_proc; 0 where it has none. Drivers
// tell arrays by them, and which types they can read in binary.
type IO struct{ Input, Output, Receive, Send uint32 }

// arrayIO are the functions of every array type.
var arrayIO = IO{750, 751, 2400, 2401}

// ioFuncs has the functions of each type; their names begin with Row.IO.
var ioFuncs = [NumIDs]IO{
	Unknown:      {109, 110, 2416, 2417},
	Bool:         {1242, 1243, 2436, 2437},
	Int2:         {38, 39, 2404, 2405},
	Int4:         {42, 43, 2406, 2407},
	Int8:         {460, 461, 2408, 2409},
	Float4:       {200, 201, 2424, 2425},
	Float8:       {214, 215, 2426, 2427},
	Numeric:      {1701, 1702, 2460, 2461},
	Text:         {46, 47, 2414, 2415},
	Varchar:      {1046, 1047, 2432, 2433},
	BPChar:       {1044, 1045, 2430, 2431},
	Name:         {34, 35, 2422, 2423},
	Char:         {1245, 33, 2434, 2435},
	Bytea:        {1244, 31, 2412, 2413},
	Date:         {1084, 1085, 2468, 2469},
	Time:         {1143, 1144, 2470, 2471},
	Timestamp:    {1312, 1313, 2474, 2475},
	Timestamptz:  {1150, 1151, 2476, 2477},
	Interval:     {1160, 1161, 2478, 2479},
	UUID:         {2952, 2953, 2961, 2962},
	JSON:         {321, 322, 323, 324},
	JSONB:        {3806, 3804, 3805, 3803},
	OID:          {1798, 1799, 2418, 2419},
	Regclass:     {2218, 2219, 2452, 2453},
	Regtype:      {2220, 2221, 2454, 2455},
	Regproc:      {44, 45, 2444, 2445},
	Regprocedure: {2212, 2213, 2446, 2447},
	Regoper:      {2214, 2215, 2448, 2449},
	Regnamespace: {4084, 4085, 4087, 4088},
	Regrole:      {4098, 4092, 4094, 4095},
	XID:          {50, 51, 2440, 2441},
	Int2Vector:   {40, 41, 2410, 2411},
	OIDVector:    {54, 55, 2420, 2421},
	PGNodeTree:   {195, 196, 197, 198},
	ACLItem:      {1031, 1032, 0, 0},
	Record:       {2290, 2291, 2402, 2403},
	Void:         {2298, 2299, 3120, 3121},
	Any:          {2294, 2295, 0, 0},
	AnyElement:   {2312, 2313, 0, 0},
	AnyArray:     {2296, 2297, 2502, 2503},
	Trigger:      {2300, 2301, 0, 0},
	Internal:     {2304, 2305, 0, 0},
	CString:      {2292, 2293, 2500, 2501},
}

// IOOf are the functions of t.
func IOOf(t Type) IO {
	if t.Array {
		return arrayIO
	}
	return ioFuncs[t.ID]
}

// IOFunction is one function of an IO. Its argument is text or bytes for input and receive, else a value of the type.
type IOFunction struct {
	OID    uint32
	Name   string
	Suffix string // in, out, recv or send
	// Type is the type that it reads or writes; for arrays that of any.
	Type Type
}

// IOFunctions are all of them, by type.
var IOFunctions = func() []IOFunction {
	out := functionsOf(arrayIO, "array_", T(AnyArray))
	for i := range Table {
		out = append(out, functionsOf(ioFuncs[i], Table[i].IO, T(ID(i)))...)
	}
	return out
}()

func functionsOf(x IO, prefix string, t Type) (out []IOFunction) {
	for _, f := range []IOFunction{{x.Input, prefix + "in", "in", t}, {x.Output, prefix + "out", "out", t},
		{x.Receive, prefix + "recv", "recv", t}, {x.Send, prefix + "send", "send", t}} {
		if f.OID != 0 {
			out = append(out, f)
		}
	}
	return out
}

// ioFunction finds one by its number, or by its name if the number is 0.
func ioFunction(oid uint32, name string) (f IOFunction, ok bool) {
	name = strings.TrimPrefix(name, "pg_catalog.")
	for _, f := range IOFunctions {
		if f.OID == oid || oid == 0 && f.Name == name {
			return f, true
		}
	}
	return IOFunction{}, false
}
