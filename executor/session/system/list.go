package system

import (
	"slices"
	"sync"

	"github.com/streamdb/streamdb/sql/catalog"
)

// Relations are all system relations, for database.Open. The catalog's entries are made once.
func Relations() []*catalog.Relation { return all() }

// The lists of each schema's relations; a new one is a line here.
var (
	pgCatalog = slices.Concat(textSearch, replication, replicationStat, triggers, typeKinds, inheritance, statistics, privileges, extensions,
		server, statProgress, statIO, statServer)
	informationSchema = slices.Concat(schemaPrivileges, schemaDomains, schemaForeign, schemaTriggers, schemaFeatures)
)

var all = sync.OnceValue(func() []*catalog.Relation {
	var out []*catalog.Relation
	for _, s := range []struct {
		oid  uint32
		list []definition
	}{{catalog.PgCatalogOID, pgCatalog}, {catalog.InformationSchemaOID, informationSchema}} {
		for _, d := range s.list {
			out = append(out, d.relation(s.oid))
		}
	}
	return out
})
