package system

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

// constraint is a constraint of a table that has a name.
type constraint struct {
	rel     *catalog.Relation
	oid     uint32
	name    string
	kind    byte // pg_constraint.contype
	columns []int
	expr    string // of a check
}

// The kinds of pg_constraint.
const (
	constraintCheck   = 'c'
	constraintPrimary = 'p'
	constraintUnique  = 'u'
)

// constraintsOf are a relation's constraints: keys, then checks.
func constraintsOf(r *catalog.Relation) []constraint {
	var out []constraint
	for i := range r.Keys {
		k := &r.Keys[i]
		kind := byte(constraintUnique)
		if k.Primary {
			kind = constraintPrimary
		}
		out = append(out, constraint{rel: r, oid: k.OID, name: k.Name, kind: kind, columns: k.Columns})
	}
	for i := range r.Checks {
		k := &r.Checks[i]
		out = append(out, constraint{rel: r, oid: k.OID, name: k.Name, kind: constraintCheck, expr: k.Expr})
	}
	return out
}

// definition is the constraint as it would be written behind its name.
func (k constraint) definition() string {
	switch k.kind {
	case constraintPrimary:
		return "PRIMARY KEY (" + columnList(k.rel, k.columns) + ")"
	case constraintUnique:
		return "UNIQUE (" + columnList(k.rel, k.columns) + ")"
	}
	return "CHECK (" + k.expr + ")"
}

// index is the OID of the index behind the constraint.
func (k constraint) index() uint32 {
	if k.kind == constraintCheck {
		return 0
	}
	return k.oid
}

// standardType is information_schema's name of the kind.
func (k constraint) standardType() string {
	return map[byte]string{constraintPrimary: "PRIMARY KEY", constraintUnique: "UNIQUE", constraintCheck: "CHECK"}[k.kind]
}

func constraints(s *scan, emit func(constraint) error) error {
	for _, r := range s.cat.Relations() {
		if err := emitAll(constraintsOf(r), emit); err != nil {
			return err
		}
	}
	return nil
}

// attnums are columns as attribute numbers.
func attnums(columns []int) types.Datum {
	return list(types.Int2, columns, attnum)
}

func attnum(column int) types.Datum { return num(column + 1) }

var pgConstraint = table[constraint]{
	oid: 2606, name: "pg_constraint",
	columns: `oid oid!, conname name!, connamespace oid!, contype "char"!, condeferrable boolean!, condeferred boolean!,
		convalidated boolean!, conrelid oid!, contypid oid!, conindid oid!, conparentid oid!, confrelid oid!, confupdtype "char"!,
		confdeltype "char"!, confmatchtype "char"!, conislocal boolean!, coninhcount integer!, connoinherit boolean!,
		conkey smallint[], confkey smallint[], conpfeqop oid[], conppeqop oid[], conffeqop oid[], confdelsetcols smallint[],
		conexclop oid[], conbin pg_node_tree`,
	rows: constraints,
	values: values[constraint]{
		"oid":           func(k constraint) types.Datum { return num(k.oid) },
		"conname":       func(k constraint) types.Datum { return str(k.name) },
		"connamespace":  func(k constraint) types.Datum { return num(k.rel.Schema) },
		"contype":       func(k constraint) types.Datum { return letter(k.kind) },
		"convalidated":  always[constraint](flag(true)),
		"conrelid":      func(k constraint) types.Datum { return num(k.rel.OID) },
		"conindid":      func(k constraint) types.Datum { return num(k.index()) },
		"confupdtype":   always[constraint](letter(' ')),
		"confdeltype":   always[constraint](letter(' ')),
		"confmatchtype": always[constraint](letter(' ')),
		"conislocal":    always[constraint](flag(true)),
		"connoinherit":  func(k constraint) types.Datum { return flag(k.kind != constraintCheck) },
		"conkey": func(k constraint) types.Datum {
			if k.kind == constraintCheck {
				return types.Null
			}
			return attnums(k.columns)
		},
		"conbin": func(k constraint) types.Datum { return given(k.expr) },
	},
}

// notNull is the name of the constraint that information_schema has for a NOT NULL column.
func notNull(r *catalog.Relation, column int) string {
	return strconv.Itoa(int(r.Schema)) + "_" + strconv.Itoa(int(r.OID)) + "_" + strconv.Itoa(column+1) + "_not_null"
}
