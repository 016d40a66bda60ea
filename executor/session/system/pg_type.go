package system

import (
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// everyType calls emit with every type and array type.
func everyType(_ *scan, emit func(types.Type) error) error {
	for i := range types.Table {
		t := types.T(types.Table[i].ID)
		if err := emit(t); err != nil {
			return err
		}
		if a := types.ArrayOf(t); a.OID() != 0 {
			if err := emit(a); err != nil {
				return err
			}
		}
	}
	return nil
}

var pgType = table[types.Type]{
	oid: 1247, name: "pg_type",
	columns: `oid oid!, typname name!, typnamespace oid!, typowner oid!, typlen smallint!, typbyval boolean!, typtype "char"!,
		typcategory "char"!, typispreferred boolean!, typisdefined boolean!, typdelim "char"!, typrelid oid!, typsubscript regproc!,
		typelem oid!, typarray oid!, typinput regproc!, typoutput regproc!, typreceive regproc!, typsend regproc!, typmodin regproc!,
		typmodout regproc!, typanalyze regproc!, typalign "char"!, typstorage "char"!, typnotnull boolean!, typbasetype oid!,
		typtypmod integer!, typndims integer!, typcollation oid!, typdefaultbin pg_node_tree, typdefault text, typacl aclitem[]`,
	rows: everyType,
	values: values[types.Type]{
		"oid":            func(t types.Type) types.Datum { return num(t.OID()) },
		"typname":        func(t types.Type) types.Datum { return str(t.TypName()) },
		"typnamespace":   always[types.Type](num(catalog.PgCatalogOID)),
		"typowner":       always[types.Type](num(fn.OwnerOID)),
		"typlen":         func(t types.Type) types.Datum { return num(t.TypLen()) },
		"typbyval":       func(t types.Type) types.Datum { return flag(byValue(t)) },
		"typtype":        func(t types.Type) types.Datum { return letter(typtype(t)) },
		"typcategory":    func(t types.Type) types.Datum { return letter(t.Category()) },
		"typispreferred": func(t types.Type) types.Datum { return flag(t.Preferred()) },
		"typisdefined":   always[types.Type](flag(true)),
		"typdelim":       always[types.Type](letter(',')),
		"typelem":        func(t types.Type) types.Datum { return num(elementOID(t)) },
		"typarray":       func(t types.Type) types.Datum { return num(arrayOID(t)) },
		"typinput":       func(t types.Type) types.Datum { return num(types.IOOf(t).Input) },
		"typoutput":      func(t types.Type) types.Datum { return num(types.IOOf(t).Output) },
		"typreceive":     func(t types.Type) types.Datum { return num(types.IOOf(t).Receive) },
		"typsend":        func(t types.Type) types.Datum { return num(types.IOOf(t).Send) },
		"typalign":       func(t types.Type) types.Datum { return letter(alignment(t)) },
		"typstorage":     func(t types.Type) types.Datum { return letter(storage(t)) },
		"typtypmod":      always[types.Type](num(-1)),
		"typcollation":   func(t types.Type) types.Datum { return num(collation(t)) },
	},
}

// typtype is pg_type.typtype: a base type or a pseudo-type.
func typtype(t types.Type) byte {
	if types.Table[t.ID].Pseudo {
		return 'p'
	}
	return 'b'
}

// elementOID is pg_type.typelem. The vectors are no arrays to SQL, but can be subscripted like them.
func elementOID(t types.Type) uint32 {
	switch {
	case t.Array:
		return t.Elem().OID()
	case t.ID == types.Int2Vector:
		return types.T(types.Int2).OID()
	case t.ID == types.OIDVector:
		return types.T(types.OID).OID()
	case t.ID == types.Name:
		return types.T(types.Char).OID()
	}
	return 0
}

func arrayOID(t types.Type) uint32 {
	if t.Array {
		return 0
	}
	return types.ArrayOf(t).OID()
}
