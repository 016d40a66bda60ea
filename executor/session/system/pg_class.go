package system

import (
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

var pgClass = table[class]{
	oid: 1259, name: "pg_class",
	columns: `oid oid!, relname name!, relnamespace oid!, reltype oid!, reloftype oid!, relowner oid!, relam oid!, relfilenode oid!,
		reltablespace oid!, relpages integer!, reltuples real!, relallvisible integer!, reltoastrelid oid!, relhasindex boolean!,
		relisshared boolean!, relpersistence "char"!, relkind "char"!, relnatts smallint!, relchecks smallint!, relhasrules boolean!,
		relhastriggers boolean!, relhassubclass boolean!, relrowsecurity boolean!, relforcerowsecurity boolean!,
		relispopulated boolean!, relreplident "char"!, relispartition boolean!, relrewrite oid!, relfrozenxid xid!, relminmxid xid!,
		relacl aclitem[], reloptions text[], relpartbound pg_node_tree`,
	rows: classes,
	values: values[class]{
		"oid":            func(c class) types.Datum { return num(c.oid) },
		"relname":        func(c class) types.Datum { return str(c.name) },
		"relnamespace":   func(c class) types.Datum { return num(c.schema) },
		"relowner":       always[class](num(fn.OwnerOID)),
		"relam":          func(c class) types.Datum { return num(c.accessMethod()) },
		"relfilenode":    func(c class) types.Datum { return num(c.fileNode()) },
		"reltuples":      always[class](types.NewFloat(-1)),
		"relhasindex":    func(c class) types.Datum { return flag(c.hasIndex) },
		"relpersistence": always[class](letter('p')),
		"relkind":        func(c class) types.Datum { return letter(c.kind) },
		"relnatts":       func(c class) types.Datum { return num(len(c.attributes())) },
		"relchecks":      func(c class) types.Datum { return num(len(c.checks())) },
		"relhasrules":    func(c class) types.Datum { return flag(c.isView()) },
		"relispopulated": always[class](flag(true)),
		"relreplident":   func(c class) types.Datum { return letter(c.replicaIdentity()) },
		"reloptions":     func(c class) types.Datum { return options(c.relationOptions()) },
	},
}

// accessMethod is pg_class.relam: how rows are kept.
func (c class) accessMethod() uint32 {
	switch c.kind {
	case kindTable, kindMaterialized:
		return amHeap
	case kindIndex:
		return amBtree
	}
	return 0
}

// fileNode is pg_class.relfilenode: relations without rows of their own have none.
func (c class) fileNode() uint32 {
	if c.kind == kindView || c.kind == kindForeign {
		return 0
	}
	return c.oid
}

func (c class) isView() bool { return c.kind == kindView || c.kind == kindMaterialized }

// checks are the relation's check constraints.
func (c class) checks() []catalog.Check {
	if c.on != nil {
		return nil
	}
	return c.rel.Checks
}

// replicaIdentity is pg_class.relreplident: the default, and nothing for what has no rows to replicate.
func (c class) replicaIdentity() byte {
	if c.kind == kindTable || c.kind == kindMaterialized {
		return 'd'
	}
	return 'n'
}

// relationOptions are the options of WITH. Those of sinks stand in pg_foreign_table.
func (c class) relationOptions() []catalog.Option {
	if c.key != nil || c.kind == kindForeign {
		return nil
	}
	return c.rel.Options
}

// options are "name=value" texts, or null.
func options(list []catalog.Option) types.Datum {
	if len(list) == 0 {
		return types.Null
	}
	return textArray(list, func(o catalog.Option) string { return o.Name + "=" + o.Value })
}
