package system

import (
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// Numbers of the one database, of the tablespaces and of the collations: PostgreSQL's.
const (
	databaseOID       = 5
	tablespaceDefault = 1663
	tablespaceGlobal  = 1664
	collationDefault  = 100
	collationC        = 950
	collationPOSIX    = 951
	utf8              = 6
)

var pgDatabase = table[string]{
	oid: 1262, name: "pg_database",
	columns: `oid oid!, datname name!, datdba oid!, encoding integer!, datlocprovider "char"!, datistemplate boolean!,
		datallowconn boolean!, datconnlimit integer!, datfrozenxid xid!, datminmxid xid!, dattablespace oid!, datcollate text!,
		datctype text!, daticulocale text, datcollversion text, datacl aclitem[]`,
	rows: func(s *scan, emit func(string) error) error { return emit(s.env.Database()) },
	values: values[string]{
		"oid":            always[string](num(databaseOID)),
		"datname":        str,
		"datdba":         always[string](num(fn.OwnerOID)),
		"encoding":       always[string](num(utf8)),
		"datlocprovider": always[string](letter('c')),
		"datallowconn":   always[string](flag(true)),
		"datconnlimit":   always[string](num(-1)),
		"dattablespace":  always[string](num(tablespaceDefault)),
		"datcollate":     always[string](str("C")),
		"datctype":       always[string](str("C")),
	},
}

var pgNamespace = table[*catalog.Schema]{
	oid: 2615, name: "pg_namespace",
	columns: `oid oid!, nspname name!, nspowner oid!, nspacl aclitem[]`,
	rows:    func(s *scan, emit func(*catalog.Schema) error) error { return emitAll(s.cat.Schemas(), emit) },
	values: values[*catalog.Schema]{
		"oid":      func(x *catalog.Schema) types.Datum { return num(x.OID) },
		"nspname":  func(x *catalog.Schema) types.Datum { return str(x.Name) },
		"nspowner": always[*catalog.Schema](num(fn.OwnerOID)),
	},
}

type tablespace struct {
	oid  uint32
	name string
}

var pgTablespace = table[tablespace]{
	oid: 1213, name: "pg_tablespace",
	columns: `oid oid!, spcname name!, spcowner oid!, spcacl aclitem[], spcoptions text[]`,
	rows:    each([]tablespace{{tablespaceDefault, "pg_default"}, {tablespaceGlobal, "pg_global"}}),
	values: values[tablespace]{
		"oid":      func(t tablespace) types.Datum { return num(t.oid) },
		"spcname":  func(t tablespace) types.Datum { return str(t.name) },
		"spcowner": always[tablespace](num(fn.OwnerOID)),
	},
}

// collated is a collation: all compare bytes.
type collated struct {
	oid      uint32
	name     string
	provider byte
	locale   string
}

var pgCollation = table[collated]{
	oid: 3456, name: "pg_collation",
	columns: `oid oid!, collname name!, collnamespace oid!, collowner oid!, collprovider "char"!, collisdeterministic boolean!,
		collencoding integer!, collcollate text, collctype text, colliculocale text, collversion text`,
	rows: each([]collated{{collationDefault, "default", 'd', ""}, {collationC, "C", 'c', "C"}, {collationPOSIX, "POSIX", 'c', "POSIX"}}),
	values: values[collated]{
		"oid":                 func(c collated) types.Datum { return num(c.oid) },
		"collname":            func(c collated) types.Datum { return str(c.name) },
		"collnamespace":       always[collated](num(catalog.PgCatalogOID)),
		"collowner":           always[collated](num(fn.OwnerOID)),
		"collprovider":        func(c collated) types.Datum { return letter(c.provider) },
		"collisdeterministic": always[collated](flag(true)),
		"collencoding":        always[collated](num(-1)),
		"collcollate":         func(c collated) types.Datum { return given(c.locale) },
		"collctype":           func(c collated) types.Datum { return given(c.locale) },
	},
}
