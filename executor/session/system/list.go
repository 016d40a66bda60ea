package system

import (
	"slices"
	"sync"

	"github.com/streamdb/streamdb/sql/catalog"
)

// Relations are all system relations, for database.Open. The catalog's entries are made once.
func Relations() []*catalog.Relation { return all() }

// The lists of each schema's relations; a new one is a line here. Families of relations that are always empty come last.
var (
	pgCatalog = slices.Concat([]definition{
		pgClass, pgAttribute, pgAttrdef, pgIndex, pgIndexes, pgConstraint, pgTables, pgViews, pgMatviews, pgRewrite, pgRules, pgSequence,
		pgSequences, pgDepend, pgDescription, pgForeignDataWrapper, pgForeignServer, pgForeignTable, pgUserMapping, pgUserMappings,
		pgType, pgProc, pgAggregate, pgOperator, pgCast, pgLanguage, pgAm, pgOpclass, pgOpfamily, pgAmop, pgAmproc,
		pgDatabase, pgNamespace, pgTablespace, pgCollation, pgAuthid, pgRoles, pgUser, pgShadow,
		pgSettings, pgStatActivity, pgStatDatabase, pgStatAllTables, pgStatSysTables, pgStatUserTables, pgPreparedStatements, pgCursors, pgTimezoneNames,
	}, textSearch, replication, replicationStat, triggers, typeKinds, inheritance, statistics, privileges, extensions,
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
