package system

import (
	"slices"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// object addresses something in a relation of pg_catalog, or with sub a column of it.
type object struct {
	class, oid uint32
	sub        int
}

// The relations of pg_catalog that objects are in.
const (
	classRelation   = 1259
	classConstraint = 2606
	classRewrite    = 2618
	classAttrdef    = 2604
	classNamespace  = 2615
	classProc       = 1255
)

// dependency says that an object needs another: normally (n), as part of it (a), or inseparably (i).
type dependency struct {
	from, to object
	kind     byte
}

var pgDepend = table[dependency]{
	oid: 2608, name: "pg_depend",
	columns: `classid oid!, objid oid!, objsubid integer!, refclassid oid!, refobjid oid!, refobjsubid integer!, deptype "char"!`,
	rows: func(s *scan, emit func(dependency) error) error {
		for _, r := range s.cat.Relations() {
			if r.Kind == catalog.Virtual {
				continue // PostgreSQL pins its own objects instead
			}
			if err := emitAll(dependenciesOf(s.cat, r), emit); err != nil {
				return err
			}
		}
		return nil
	},
	values: values[dependency]{
		"classid":     func(d dependency) types.Datum { return num(d.from.class) },
		"objid":       func(d dependency) types.Datum { return num(d.from.oid) },
		"objsubid":    func(d dependency) types.Datum { return num(d.from.sub) },
		"refclassid":  func(d dependency) types.Datum { return num(d.to.class) },
		"refobjid":    func(d dependency) types.Datum { return num(d.to.oid) },
		"refobjsubid": func(d dependency) types.Datum { return num(d.to.sub) },
		"deptype":     func(d dependency) types.Datum { return letter(d.kind) },
	},
}

// dependenciesOf are what a relation and its parts need.
func dependenciesOf(c *catalog.Catalog, r *catalog.Relation) []dependency {
	self := object{classRelation, r.OID, 0}
	out := []dependency{{self, object{classNamespace, r.Schema, 0}, 'n'}}
	for i, col := range r.Columns {
		column := object{classRelation, r.OID, i + 1}
		if col.Default != "" {
			out = append(out, dependency{object{classAttrdef, defaultOID(attribute{class{oid: r.OID}, i + 1, col}), 0}, column, 'a'})
		}
		if col.Sequence != 0 {
			kind := byte('a')
			if col.Identity != 0 {
				kind = 'i'
			}
			out = append(out, dependency{object{classRelation, col.Sequence, 0}, column, kind})
		}
	}
	for _, k := range constraintsOf(r) {
		id := object{classConstraint, k.oid, 0}
		for _, at := range k.columns {
			out = append(out, dependency{id, object{classRelation, r.OID, at + 1}, 'a'})
		}
		if x := k.index(); x != 0 {
			out = append(out, dependency{object{classRelation, x, 0}, id, 'i'})
		} else {
			out = append(out, dependency{id, self, 'a'})
		}
	}
	if r.IndexDef != nil {
		for _, at := range r.IndexDef.Columns {
			out = append(out, dependency{self, object{classRelation, r.IndexDef.On, at + 1}, 'a'})
		}
	}
	return append(out, queryDependencies(r, self)...)
}

// queryDependencies are those of a view's or sink's query. A view's go by way of its rule.
func queryDependencies(r *catalog.Relation, self object) (out []dependency) {
	if r.ViewDef == nil {
		return nil
	}
	from := self
	if r.Kind == catalog.View {
		from = object{classRewrite, r.OID, 0}
		out = append(out, dependency{from, self, 'i'}, dependency{from, self, 'n'})
	}
	for _, oid := range slices.Compact(slices.Sorted(slices.Values(r.ViewDef.DependsOn))) {
		out = append(out, dependency{from, object{classRelation, oid, 0}, 'n'})
	}
	return out
}

// description is a comment on an object.
type description struct {
	object
	text string
}

var pgDescription = table[description]{
	oid: 2609, name: "pg_description",
	columns: `objoid oid!, classoid oid!, objsubid integer!, description text!`,
	rows:    descriptions,
	values: values[description]{
		"objoid":      func(d description) types.Datum { return num(d.oid) },
		"classoid":    func(d description) types.Datum { return num(d.class) },
		"objsubid":    func(d description) types.Datum { return num(d.sub) },
		"description": func(d description) types.Datum { return str(d.text) },
	},
}

func descriptions(s *scan, emit func(description) error) error {
	commented := func(class, oid uint32, sub int, text string) error {
		if text == "" {
			return nil
		}
		return emit(description{object{class, oid, sub}, text})
	}
	for _, x := range s.cat.Schemas() {
		if err := commented(classNamespace, x.OID, 0, x.Comment); err != nil {
			return err
		}
	}
	for _, r := range s.cat.Relations() {
		if err := commented(classRelation, r.OID, 0, r.Comment); err != nil {
			return err
		}
		for i, c := range r.Columns {
			if err := commented(classRelation, r.OID, i+1, c.Comment); err != nil {
				return err
			}
		}
	}
	for _, p := range fn.Procs() {
		if err := commented(classProc, p.OID, 0, p.Doc); err != nil {
			return err
		}
	}
	return nil
}
