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
		pgSettings, pgStatActivity, pgStatDatabase, pgStatAllTables, pgStatSysTables, pgStatUserTables, pgPreparedStatements, pgCursors, pgLocks, pgTimezoneNames,
	}, textSearch, replication, replicationStat, triggers, typeKinds, inheritance, statistics, privileges, extensions,
		server, statProgress, statIO, statServer)
	informationSchema = slices.Concat([]definition{
		schemaSchemata, schemaTables, schemaViews, schemaColumns, schemaColumnUdtUsage, schemaElementTypes, schemaViewTableUsage, schemaViewColumnUsage,
		schemaTableConstraints, schemaCheckConstraints, schemaReferentialConstraints, schemaKeyColumnUsage, schemaConstraintColumnUsage,
		schemaConstraintTableUsage, schemaRoutines, schemaRoutinePrivileges, schemaParameters, schemaSequences,
		schemaCatalogName, schemaEnabledRoles, schemaApplicableRoles, schemaCharacterSets, schemaCollations, schemaCollationCharacterSet,
		schemaTablePrivileges, schemaRoleTableGrants, schemaColumnPrivileges,
	}, schemaPrivileges, schemaDomains, schemaForeign, schemaTriggers, schemaFeatures)
	streamDB = []definition{streamStreams, streamViews, streamSinks, streamOperators, streamSnapshots, streamSettings, streamBatches, streamLineage, streamLateRows}
)

var all = sync.OnceValue(func() []*catalog.Relation {
	var out []*catalog.Relation
	for _, s := range []struct {
		oid  uint32
		list []definition
	}{{catalog.PgCatalogOID, pgCatalog}, {catalog.InformationSchemaOID, informationSchema}, {catalog.StreamDBOID, streamDB}} {
		for _, d := range s.list {
			out = append(out, d.build(s.oid))
		}
	}
	return out
})
