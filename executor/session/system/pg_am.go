package system

import (
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// The access methods, under PostgreSQL's numbers: rows by a key or in no order, and indexes in the order of their columns.
const (
	amHeap  = 2
	amBtree = 403
)

type accessMethod struct {
	oid  uint32
	name string
	kind byte
}

var pgAm = table[accessMethod]{
	oid: 2601, name: "pg_am",
	columns: `oid oid!, amname name!, amhandler regproc!, amtype "char"!`,
	rows:    each([]accessMethod{{oid: amHeap, name: "heap", kind: 't'}, {oid: amBtree, name: "btree", kind: 'i'}}),
	values: values[accessMethod]{
		"oid":    func(a accessMethod) types.Datum { return num(a.oid) },
		"amname": func(a accessMethod) types.Datum { return str(a.name) },
		"amtype": func(a accessMethod) types.Datum { return letter(a.kind) },
	},
}

// opclass says how an index orders a type, and opfamily with which other types it can be compared there. Numbers and names are
// PostgreSQL's.
type opclass struct {
	oid    uint32
	name   string
	of     types.Type
	family uint32
}

var opclasses = []opclass{
	{1978, "int4_ops", types.T(types.Int4), 1976}, {1979, "int2_ops", types.T(types.Int2), 1976}, {1981, "oid_ops", types.T(types.OID), 1989},
	{3122, "date_ops", types.T(types.Date), 434}, {3123, "float8_ops", types.T(types.Float8), 1970}, {3124, "int8_ops", types.T(types.Int8), 1976},
	{3125, "numeric_ops", types.T(types.Numeric), 1988}, {3126, "text_ops", types.T(types.Text), 1994},
	{3127, "timestamptz_ops", types.T(types.Timestamptz), 434}, {3128, "timestamp_ops", types.T(types.Timestamp), 434},
	{10000, "array_ops", types.T(types.AnyArray), 397}, {10003, "bool_ops", types.T(types.Bool), 424}, {10004, "bpchar_ops", types.T(types.BPChar), 426},
	{10006, "bytea_ops", types.T(types.Bytea), 428}, {10007, "char_ops", types.T(types.Char), 429}, {10012, "float4_ops", types.T(types.Float4), 1970},
	{10022, "interval_ops", types.T(types.Interval), 1982}, {10028, "name_ops", types.T(types.Name), 1994},
	{10032, "oidvector_ops", types.T(types.OIDVector), 1991}, {10034, "record_ops", types.T(types.Record), 2994}, {10038, "time_ops", types.T(types.Time), 1996},
	{10065, "uuid_ops", types.T(types.UUID), 2968}, {10088, "jsonb_ops", types.T(types.JSONB), 4033},
}

// operatorClass is the class of a column's type in an index.
func operatorClass(t types.Type) uint32 {
	id := t.ID
	switch {
	case t.Array:
		id = types.AnyArray
	case id == types.Varchar:
		id = types.Text
	case t.Category() == 'N' && id >= types.OID && id <= types.Regrole:
		id = types.OID
	}
	for _, o := range opclasses {
		if o.of.ID == id {
			return o.oid
		}
	}
	return 0
}

var pgOpclass = table[opclass]{
	oid: 2616, name: "pg_opclass",
	columns: `oid oid!, opcmethod oid!, opcname name!, opcnamespace oid!, opcowner oid!, opcfamily oid!, opcintype oid!,
		opcdefault boolean!, opckeytype oid!`,
	rows: each(opclasses),
	values: values[opclass]{
		"oid":          func(o opclass) types.Datum { return num(o.oid) },
		"opcmethod":    always[opclass](num(amBtree)),
		"opcname":      func(o opclass) types.Datum { return str(o.name) },
		"opcnamespace": always[opclass](num(catalog.PgCatalogOID)),
		"opcowner":     always[opclass](num(fn.OwnerOID)),
		"opcfamily":    func(o opclass) types.Datum { return num(o.family) },
		"opcintype":    func(o opclass) types.Datum { return num(o.of.OID()) },
		"opcdefault":   always[opclass](flag(true)),
	},
}

type opfamily struct {
	oid  uint32
	name string
}

var pgOpfamily = table[opfamily]{
	oid: 2753, name: "pg_opfamily",
	columns: `oid oid!, opfmethod oid!, opfname name!, opfnamespace oid!, opfowner oid!`,
	rows: each([]opfamily{{397, "array_ops"}, {424, "bool_ops"}, {426, "bpchar_ops"}, {428, "bytea_ops"}, {429, "char_ops"}, {434, "datetime_ops"},
		{1970, "float_ops"}, {1976, "integer_ops"}, {1982, "interval_ops"}, {1988, "numeric_ops"}, {1989, "oid_ops"}, {1991, "oidvector_ops"},
		{1994, "text_ops"}, {1996, "time_ops"}, {2968, "uuid_ops"}, {2994, "record_ops"}, {4033, "jsonb_ops"}}),
	values: values[opfamily]{
		"oid":          func(o opfamily) types.Datum { return num(o.oid) },
		"opfmethod":    always[opfamily](num(amBtree)),
		"opfname":      func(o opfamily) types.Datum { return str(o.name) },
		"opfnamespace": always[opfamily](num(catalog.PgCatalogOID)),
		"opfowner":     always[opfamily](num(fn.OwnerOID)),
	},
}

// Which operator and function does what in an operator class is not told: the comparison of a type is part of the type.
var (
	pgAmop = absent{
		oid: 2602, name: "pg_amop",
		columns: `oid oid!, amopfamily oid!, amoplefttype oid!, amoprighttype oid!, amopstrategy smallint!, amoppurpose "char"!,
			amopopr oid!, amopmethod oid!, amopsortfamily oid!`,
	}
	pgAmproc = absent{
		oid: 2603, name: "pg_amproc",
		columns: `oid oid!, amprocfamily oid!, amproclefttype oid!, amprocrighttype oid!, amprocnum smallint!, amproc regproc!`,
	}
)
