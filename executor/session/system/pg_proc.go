package system

import (
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// The languages, under PostgreSQL's numbers: functions are built in, or would be SQL.
const (
	languageInternal = 12
	languageSQL      = 14
)

type proc = *fn.Proc

var pgProc = table[proc]{
	oid: 1255, name: "pg_proc",
	columns: `oid oid!, proname name!, pronamespace oid!, proowner oid!, prolang oid!, procost real!, prorows real!, provariadic oid!,
		prosupport regproc!, prokind "char"!, prosecdef boolean!, proleakproof boolean!, proisstrict boolean!, proretset boolean!,
		provolatile "char"!, proparallel "char"!, pronargs smallint!, pronargdefaults smallint!, prorettype oid!,
		proargtypes oidvector!, proallargtypes oid[], proargmodes "char"[], proargnames text[], proargdefaults pg_node_tree,
		protrftypes oid[], prosrc text!, probin text, prosqlbody pg_node_tree, proconfig text[], proacl aclitem[]`,
	rows: func(_ *scan, emit func(proc) error) error { return emitAll(fn.Procs(), emit) },
	values: values[proc]{
		"oid":             func(p proc) types.Datum { return num(p.OID) },
		"proname":         func(p proc) types.Datum { return str(p.Name) },
		"pronamespace":    always[proc](num(catalog.PgCatalogOID)),
		"proowner":        always[proc](num(fn.OwnerOID)),
		"prolang":         always[proc](num(languageInternal)),
		"procost":         always[proc](types.NewFloat(1)),
		"prorows":         func(p proc) types.Datum { return types.NewFloat(expectedRows(p)) },
		"provariadic":     func(p proc) types.Datum { return num(variadicOID(p)) },
		"prokind":         func(p proc) types.Datum { return letter(p.Kind) },
		"proisstrict":     func(p proc) types.Datum { return flag(p.Nulls == fn.Strict) },
		"proretset":       func(p proc) types.Datum { return flag(p.Set) },
		"provolatile":     func(p proc) types.Datum { return letter("isv"[p.Vol]) },
		"proparallel":     always[proc](letter('s')),
		"pronargs":        func(p proc) types.Datum { return num(len(p.Args)) },
		"pronargdefaults": func(p proc) types.Datum { return num(p.Optional) },
		"prorettype":      func(p proc) types.Datum { return num(p.Ret.OID()) },
		"proargtypes":     func(p proc) types.Datum { return vector(types.OIDVector, p.Args, typeOID) },
		"proallargtypes":  func(p proc) types.Datum { return allArguments(p) },
		"proargmodes":     func(p proc) types.Datum { return argumentModes(p) },
		"proargnames":     func(p proc) types.Datum { return argumentNames(p) },
		"prosrc":          func(p proc) types.Datum { return str(p.Name) },
	},
}

func typeOID(t types.Type) types.Datum { return num(t.OID()) }

func expectedRows(p proc) float64 {
	if p.Set {
		return 1000
	}
	return 0
}

// variadicOID is the type of the elements that the last parameter takes any number of.
func variadicOID(p proc) uint32 {
	if !p.Variadic {
		return 0
	}
	if last := p.Args[len(p.Args)-1]; last.Array {
		return last.Elem().OID()
	} else if last.ID != types.AnyArray {
		return last.OID()
	}
	return types.T(types.AnyElement).OID()
}

// The columns of the rows that a function returns are parameters too, of mode t. Without them, and without a variadic one, the
// three columns about parameters are null, as in PostgreSQL.
func allArguments(p proc) types.Datum {
	if len(p.Columns) == 0 && !p.Variadic {
		return types.Null
	}
	oids := elements(p.Args, typeOID)
	for _, c := range p.Columns {
		oids = append(oids, typeOID(c.Type))
	}
	return types.ArrayDatum(types.T(types.OID), types.NewArray(oids))
}

func argumentModes(p proc) types.Datum {
	if len(p.Columns) == 0 && !p.Variadic {
		return types.Null
	}
	var modes []types.Datum
	for i := range p.Args {
		mode := byte('i')
		if p.Variadic && i == len(p.Args)-1 {
			mode = 'v'
		}
		modes = append(modes, letter(mode))
	}
	for range p.Columns {
		modes = append(modes, letter('t'))
	}
	return types.ArrayDatum(types.T(types.Char), types.NewArray(modes))
}

func argumentNames(p proc) types.Datum {
	if len(p.Columns) == 0 {
		return types.Null
	}
	names := make([]string, len(p.Args), len(p.Args)+len(p.Columns))
	for _, c := range p.Columns {
		names = append(names, c.Name)
	}
	return textArray(names, func(s string) string { return s })
}

var pgAggregate = table[*fn.Aggregate]{
	oid: 2600, name: "pg_aggregate",
	columns: `aggfnoid regproc!, aggkind "char"!, aggnumdirectargs smallint!, aggtransfn regproc!, aggfinalfn regproc!,
		aggcombinefn regproc!, aggserialfn regproc!, aggdeserialfn regproc!, aggmtransfn regproc!, aggminvtransfn regproc!,
		aggmfinalfn regproc!, aggfinalextra boolean!, aggmfinalextra boolean!, aggfinalmodify "char"!, aggmfinalmodify "char"!,
		aggsortop oid!, aggtranstype oid!, aggtransspace integer!, aggmtranstype oid!, aggmtransspace integer!, agginitval text,
		aggminitval text`,
	rows: func(_ *scan, emit func(*fn.Aggregate) error) error { return emitAll(fn.Aggregates(), emit) },
	values: values[*fn.Aggregate]{
		"aggfnoid":        func(a *fn.Aggregate) types.Datum { return num(fn.AggregateOID(a)) },
		"aggkind":         always[*fn.Aggregate](letter('n')),
		"aggfinalmodify":  always[*fn.Aggregate](letter('r')),
		"aggmfinalmodify": always[*fn.Aggregate](letter('r')),
		"aggtranstype":    always[*fn.Aggregate](num(types.T(types.Internal).OID())),
	},
}

type language struct {
	oid     uint32
	name    string
	trusted bool
}

var pgLanguage = table[language]{
	oid: 2612, name: "pg_language",
	columns: `oid oid!, lanname name!, lanowner oid!, lanispl boolean!, lanpltrusted boolean!, lanplcallfoid oid!, laninline oid!,
		lanvalidator oid!, lanacl aclitem[]`,
	rows: each([]language{{languageInternal, "internal", false}, {languageSQL, "sql", true}}),
	values: values[language]{
		"oid":          func(l language) types.Datum { return num(l.oid) },
		"lanname":      func(l language) types.Datum { return str(l.name) },
		"lanowner":     always[language](num(fn.OwnerOID)),
		"lanpltrusted": func(l language) types.Datum { return flag(l.trusted) },
	},
}
