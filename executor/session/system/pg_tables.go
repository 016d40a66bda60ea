package system

import (
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

// named is a relation with what views of pg_catalog show by name instead of number.
type named struct {
	class
	schemaName, owner string
}

// withNames are the relations of some kinds, with names.
func withNames(kinds ...byte) func(*scan, func(named) error) error {
	return func(s *scan, emit func(named) error) error {
		return ofKind(kinds...)(s, func(c class) error { return emit(named{c, s.schemaName(c.schema), s.owner(c.rel)}) })
	}
}

// owner is a relation's owner; system relations are everybody's, which is to say the one role's.
func (s *scan) owner(r *catalog.Relation) string {
	if r.Owner != "" {
		return r.Owner
	}
	return s.env.User()
}

func nameOfSchema(n named) types.Datum { return str(n.schemaName) }
func nameOfClass(n named) types.Datum  { return str(n.name) }
func nameOfOwner(n named) types.Datum  { return str(n.owner) }
func hasIndexes(n named) types.Datum   { return flag(n.hasIndex) }
func viewText(n named) types.Datum {
	if n.rel.ViewDef == nil {
		return types.Null
	}
	return str(" " + viewQuery(n.rel) + ";")
}

var pgTables = table[named]{
	oid: 12033, name: "pg_tables", view: true,
	columns: `schemaname name, tablename name, tableowner name, tablespace name, hasindexes boolean, hasrules boolean, hastriggers boolean,
		rowsecurity boolean`,
	rows: withNames(kindTable),
	values: values[named]{
		"schemaname": nameOfSchema, "tablename": nameOfClass, "tableowner": nameOfOwner, "hasindexes": hasIndexes,
		"hasrules": always[named](flag(false)), "hastriggers": always[named](flag(false)), "rowsecurity": always[named](flag(false)),
	},
}

var pgViews = table[named]{
	oid: 12028, name: "pg_views", view: true,
	columns: `schemaname name, viewname name, viewowner name, definition text`,
	rows:    withNames(kindView),
	values:  values[named]{"schemaname": nameOfSchema, "viewname": nameOfClass, "viewowner": nameOfOwner, "definition": viewText},
}

var pgMatviews = table[named]{
	oid: 12038, name: "pg_matviews", view: true,
	columns: `schemaname name, matviewname name, matviewowner name, tablespace name, hasindexes boolean, ispopulated boolean,
		definition text`,
	rows: withNames(kindMaterialized),
	values: values[named]{"schemaname": nameOfSchema, "matviewname": nameOfClass, "matviewowner": nameOfOwner, "hasindexes": hasIndexes,
		"ispopulated": always[named](flag(true)), "definition": viewText},
}

// A view's rule _RETURN is how PostgreSQL stores its query. Dependencies of views go by way of it, so it has the view's number.
var pgRewrite = table[class]{
	oid: 2618, name: "pg_rewrite",
	columns: `oid oid!, rulename name!, ev_class oid!, ev_type "char"!, ev_enabled "char"!, is_instead boolean!, ev_qual pg_node_tree!,
		ev_action pg_node_tree!`,
	rows: ofKind(kindView, kindMaterialized),
	values: values[class]{
		"oid":        func(c class) types.Datum { return num(c.oid) },
		"rulename":   always[class](str("_RETURN")),
		"ev_class":   func(c class) types.Datum { return num(c.oid) },
		"ev_type":    always[class](letter('1')),
		"ev_enabled": always[class](letter('O')),
		"is_instead": always[class](flag(true)),
	},
}

// pg_rules leaves the rules _RETURN out, and there are no others.
var pgRules = absent{
	oid: 12023, name: "pg_rules", view: true,
	columns: `schemaname name, tablename name, rulename name, definition text`,
}
