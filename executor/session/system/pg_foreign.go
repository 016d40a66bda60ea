package system

import (
	"slices"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// A sink is a foreign table to PostgreSQL's clients, its connector the server that the table is on. Servers are numbered from
// firstServerOID in the order of their names; numbers hold within one catalog only.
const (
	wrapperOID     = 13800
	firstServerOID = 13801
)

// connectors are the names of the connectors that sinks use.
func connectors(c *catalog.Catalog) []string {
	var names []string
	for _, r := range c.Relations() {
		if r.Kind == catalog.Sink && !slices.Contains(names, r.Connector) {
			names = append(names, r.Connector)
		}
	}
	slices.Sort(names)
	return names
}

var pgForeignDataWrapper = table[string]{
	oid: 2328, name: "pg_foreign_data_wrapper",
	columns: `oid oid!, fdwname name!, fdwowner oid!, fdwhandler oid!, fdwvalidator oid!, fdwacl aclitem[], fdwoptions text[]`,
	rows:    each([]string{"connector"}),
	values: values[string]{
		"oid":      always[string](num(wrapperOID)),
		"fdwname":  str,
		"fdwowner": always[string](num(fn.OwnerOID)),
	},
}

// usedConnector is a connector in use.
type usedConnector struct {
	oid  int
	name string
}

var pgForeignServer = table[usedConnector]{
	oid: 1417, name: "pg_foreign_server",
	columns: `oid oid!, srvname name!, srvowner oid!, srvfdw oid!, srvtype text, srvversion text, srvacl aclitem[], srvoptions text[]`,
	rows: func(s *scan, emit func(usedConnector) error) error {
		for i, name := range connectors(s.cat) {
			if err := emit(usedConnector{firstServerOID + i, name}); err != nil {
				return err
			}
		}
		return nil
	},
	values: values[usedConnector]{
		"oid":      func(x usedConnector) types.Datum { return num(x.oid) },
		"srvname":  func(x usedConnector) types.Datum { return str(x.name) },
		"srvowner": always[usedConnector](num(fn.OwnerOID)),
		"srvfdw":   always[usedConnector](num(wrapperOID)),
	},
}

// foreignTable is a sink and the number of its server.
type foreignTable struct {
	sink   *catalog.Relation
	server int
}

var pgForeignTable = table[foreignTable]{
	oid: 3118, name: "pg_foreign_table",
	columns: `ftrelid oid!, ftserver oid!, ftoptions text[]`,
	rows: func(s *scan, emit func(foreignTable) error) error {
		names := connectors(s.cat)
		return ofKind(kindForeign)(s, func(c class) error {
			return emit(foreignTable{c.rel, firstServerOID + slices.Index(names, c.rel.Connector)})
		})
	},
	values: values[foreignTable]{
		"ftrelid":   func(t foreignTable) types.Datum { return num(t.sink.OID) },
		"ftserver":  func(t foreignTable) types.Datum { return num(t.server) },
		"ftoptions": func(t foreignTable) types.Datum { return options(t.sink.Options) },
	},
}

// Users have the same name everywhere.
var (
	pgUserMapping = absent{
		oid: 1418, name: "pg_user_mapping",
		columns: `oid oid!, umuser oid!, umserver oid!, umoptions text[]`,
	}
	pgUserMappings = absent{
		oid: 12327, name: "pg_user_mappings", view: true,
		columns: `umid oid, srvid oid, srvname name, umuser oid, usename name, umoptions text[]`,
	}
)
