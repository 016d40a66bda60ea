package types

// Row is what the catalog says of a type: the columns of pg_type that are not the same for all.
type Row struct {
	ID       ID
	Name     string // pg_type.typname
	SQLName  string // as format_type prints it; empty: as Name
	OID      uint32
	ArrayOID uint32 // 0: there are no arrays of it
	// Len is pg_type.typlen: bytes in PostgreSQL's binary heap form, -1 for varying, -2 for C strings.
	Len int16
	// Category and Preferred steer which operator or function an overloaded name means.
	Category  byte
	Preferred bool
	Align     byte
	Storage   byte
	// IO is the prefix of the names of its input, output, receive and send functions: int4 has int4in, int4out, int4recv
	// and int4send.
	IO string
	// Pseudo types appear in signatures alone.
	Pseudo bool
}

// Table has a row per type, at the index of its ID.
var Table = [NumIDs]Row{
	Unknown:      {ID: Unknown, Name: "unknown", OID: 705, Len: -2, Category: 'X', Align: 'c', Storage: 'p', IO: "unknown", Pseudo: true},
	Bool:         {ID: Bool, Name: "bool", SQLName: "boolean", OID: 16, ArrayOID: 1000, Len: 1, Category: 'B', Preferred: true, Align: 'c', Storage: 'p', IO: "bool"},
	Int2:         {ID: Int2, Name: "int2", SQLName: "smallint", OID: 21, ArrayOID: 1005, Len: 2, Category: 'N', Align: 's', Storage: 'p', IO: "int2"},
	Int4:         {ID: Int4, Name: "int4", SQLName: "integer", OID: 23, ArrayOID: 1007, Len: 4, Category: 'N', Align: 'i', Storage: 'p', IO: "int4"},
	Int8:         {ID: Int8, Name: "int8", SQLName: "bigint", OID: 20, ArrayOID: 1016, Len: 8, Category: 'N', Align: 'd', Storage: 'p', IO: "int8"},
	Float4:       {ID: Float4, Name: "float4", SQLName: "real", OID: 700, ArrayOID: 1021, Len: 4, Category: 'N', Align: 'i', Storage: 'p', IO: "float4"},
	Float8:       {ID: Float8, Name: "float8", SQLName: "double precision", OID: 701, ArrayOID: 1022, Len: 8, Category: 'N', Preferred: true, Align: 'd', Storage: 'p', IO: "float8"},
	Numeric:      {ID: Numeric, Name: "numeric", OID: 1700, ArrayOID: 1231, Len: -1, Category: 'N', Align: 'i', Storage: 'm', IO: "numeric_"},
	Text:         {ID: Text, Name: "text", OID: 25, ArrayOID: 1009, Len: -1, Category: 'S', Preferred: true, Align: 'i', Storage: 'x', IO: "text"},
	Varchar:      {ID: Varchar, Name: "varchar", SQLName: "character varying", OID: 1043, ArrayOID: 1015, Len: -1, Category: 'S', Align: 'i', Storage: 'x', IO: "varchar"},
	BPChar:       {ID: BPChar, Name: "bpchar", SQLName: "character", OID: 1042, ArrayOID: 1014, Len: -1, Category: 'S', Align: 'i', Storage: 'x', IO: "bpchar"},
	Name:         {ID: Name, Name: "name", OID: 19, ArrayOID: 1003, Len: 64, Category: 'S', Align: 'c', Storage: 'p', IO: "name"},
	Char:         {ID: Char, Name: "char", SQLName: `"char"`, OID: 18, ArrayOID: 1002, Len: 1, Category: 'Z', Align: 'c', Storage: 'p', IO: "char"},
	Bytea:        {ID: Bytea, Name: "bytea", OID: 17, ArrayOID: 1001, Len: -1, Category: 'U', Align: 'i', Storage: 'x', IO: "bytea"},
	Date:         {ID: Date, Name: "date", OID: 1082, ArrayOID: 1182, Len: 4, Category: 'D', Align: 'i', Storage: 'p', IO: "date_"},
	Time:         {ID: Time, Name: "time", SQLName: "time without time zone", OID: 1083, ArrayOID: 1183, Len: 8, Category: 'D', Align: 'd', Storage: 'p', IO: "time_"},
	Timestamp:    {ID: Timestamp, Name: "timestamp", SQLName: "timestamp without time zone", OID: 1114, ArrayOID: 1115, Len: 8, Category: 'D', Align: 'd', Storage: 'p', IO: "timestamp_"},
	Timestamptz:  {ID: Timestamptz, Name: "timestamptz", SQLName: "timestamp with time zone", OID: 1184, ArrayOID: 1185, Len: 8, Category: 'D', Preferred: true, Align: 'd', Storage: 'p', IO: "timestamptz_"},
	Interval:     {ID: Interval, Name: "interval", OID: 1186, ArrayOID: 1187, Len: 16, Category: 'T', Preferred: true, Align: 'd', Storage: 'p', IO: "interval_"},
	UUID:         {ID: UUID, Name: "uuid", OID: 2950, ArrayOID: 2951, Len: 16, Category: 'U', Align: 'c', Storage: 'p', IO: "uuid_"},
	JSON:         {ID: JSON, Name: "json", OID: 114, ArrayOID: 199, Len: -1, Category: 'U', Align: 'i', Storage: 'x', IO: "json_"},
	JSONB:        {ID: JSONB, Name: "jsonb", OID: 3802, ArrayOID: 3807, Len: -1, Category: 'U', Align: 'i', Storage: 'x', IO: "jsonb_"},
	OID:          {ID: OID, Name: "oid", OID: 26, ArrayOID: 1028, Len: 4, Category: 'N', Preferred: true, Align: 'i', Storage: 'p', IO: "oid"},
	Regclass:     {ID: Regclass, Name: "regclass", OID: 2205, ArrayOID: 2210, Len: 4, Category: 'N', Align: 'i', Storage: 'p', IO: "regclass"},
	Regtype:      {ID: Regtype, Name: "regtype", OID: 2206, ArrayOID: 2211, Len: 4, Category: 'N', Align: 'i', Storage: 'p', IO: "regtype"},
	Regproc:      {ID: Regproc, Name: "regproc", OID: 24, ArrayOID: 1008, Len: 4, Category: 'N', Align: 'i', Storage: 'p', IO: "regproc"},
	Regprocedure: {ID: Regprocedure, Name: "regprocedure", OID: 2202, ArrayOID: 2207, Len: 4, Category: 'N', Align: 'i', Storage: 'p', IO: "regprocedure"},
	Regoper:      {ID: Regoper, Name: "regoper", OID: 2203, ArrayOID: 2208, Len: 4, Category: 'N', Align: 'i', Storage: 'p', IO: "regoper"},
	Regnamespace: {ID: Regnamespace, Name: "regnamespace", OID: 4089, ArrayOID: 4090, Len: 4, Category: 'N', Align: 'i', Storage: 'p', IO: "regnamespace"},
	Regrole:      {ID: Regrole, Name: "regrole", OID: 4096, ArrayOID: 4097, Len: 4, Category: 'N', Align: 'i', Storage: 'p', IO: "regrole"},
	XID:          {ID: XID, Name: "xid", OID: 28, ArrayOID: 1011, Len: 4, Category: 'U', Align: 'i', Storage: 'p', IO: "xid"},
	Int2Vector:   {ID: Int2Vector, Name: "int2vector", OID: 22, ArrayOID: 1006, Len: -1, Category: 'A', Align: 'i', Storage: 'p', IO: "int2vector"},
	OIDVector:    {ID: OIDVector, Name: "oidvector", OID: 30, ArrayOID: 1013, Len: -1, Category: 'A', Align: 'i', Storage: 'p', IO: "oidvector"},
	PGNodeTree:   {ID: PGNodeTree, Name: "pg_node_tree", OID: 194, Len: -1, Category: 'Z', Align: 'i', Storage: 'x', IO: "pg_node_tree_"},
	ACLItem:      {ID: ACLItem, Name: "aclitem", OID: 1033, ArrayOID: 1034, Len: 12, Category: 'U', Align: 'i', Storage: 'p', IO: "aclitem"},
	Record:       {ID: Record, Name: "record", OID: 2249, ArrayOID: 2287, Len: -1, Category: 'P', Align: 'd', Storage: 'x', IO: "record_", Pseudo: true},
	Void:         {ID: Void, Name: "void", OID: 2278, Len: 4, Category: 'P', Align: 'i', Storage: 'p', IO: "void_", Pseudo: true},
	Any:          {ID: Any, Name: "any", SQLName: `"any"`, OID: 2276, Len: 4, Category: 'P', Align: 'i', Storage: 'p', IO: "any_", Pseudo: true},
	AnyElement:   {ID: AnyElement, Name: "anyelement", OID: 2283, Len: 4, Category: 'P', Align: 'i', Storage: 'p', IO: "anyelement_", Pseudo: true},
	AnyArray:     {ID: AnyArray, Name: "anyarray", OID: 2277, Len: -1, Category: 'P', Align: 'd', Storage: 'x', IO: "anyarray_", Pseudo: true},
	Trigger:      {ID: Trigger, Name: "trigger", OID: 2279, Len: 4, Category: 'P', Align: 'i', Storage: 'p', IO: "trigger_", Pseudo: true},
	Internal:     {ID: Internal, Name: "internal", OID: 2281, Len: 8, Category: 'P', Align: 'd', Storage: 'p', IO: "internal_", Pseudo: true},
	CString:      {ID: CString, Name: "cstring", OID: 2275, ArrayOID: 1263, Len: -2, Category: 'P', Align: 'c', Storage: 'p', IO: "cstring_", Pseudo: true},
}

// byOID holds every type and array type by its OID.
var byOID = func() map[uint32]Type {
	m := make(map[uint32]Type, 2*len(Table))
	for i := range Table {
		r := &Table[i]
		m[r.OID] = T(r.ID)
		if r.ArrayOID != 0 {
			m[r.ArrayOID] = ArrayOf(T(r.ID))
		}
	}
	return m
}()

// ByOID is the type with an OID of pg_type, of an array too.
func ByOID(oid uint32) (Type, bool) {
	t, ok := byOID[oid]
	return t, ok
}

// OID is the OID of t in pg_type; 0 for an array that cannot be.
func (t Type) OID() uint32 {
	if t.Array {
		return Table[t.ID].ArrayOID
	}
	return Table[t.ID].OID
}

// TypLen is the length of t as a row description has it: -1 for varying.
func (t Type) TypLen() int16 {
	if t.Array {
		return -1
	}
	return Table[t.ID].Len
}

// Category is the type category of t: 'A' for arrays.
func (t Type) Category() byte {
	if t.Array {
		return 'A'
	}
	return Table[t.ID].Category
}

// Preferred reports whether t is a preferred type of its category.
func (t Type) Preferred() bool { return !t.Array && Table[t.ID].Preferred }

// TypName is the name of t in pg_type: "_int4" for an array of int4.
func (t Type) TypName() string {
	if t.Array {
		return "_" + Table[t.ID].Name
	}
	return Table[t.ID].Name
}
