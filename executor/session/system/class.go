package system

import (
	"github.com/streamdb/streamdb/sql/catalog"
)

// class is a row of pg_class: a relation of the catalog, or the index behind a PRIMARY KEY or UNIQUE, which the catalog has as
// part of its table and PostgreSQL as a relation of its own. Such an index has the constraint's OID: the two are in different
// relations of pg_catalog.
type class struct {
	oid, schema uint32
	name        string
	kind        byte // pg_class.relkind
	rel         *catalog.Relation
	// on is the table of an index and columns its columns there, by position; key is the constraint that it is behind.
	on      *catalog.Relation
	columns []int
	key     *catalog.Key
	// hasIndex is set by classes alone.
	hasIndex bool
}

// unique reports whether an index is unique.
func (c class) unique() bool { return c.key != nil || c.rel.IndexDef.Unique }

// option is the direction of an index's i-th column.
func (c class) option(i int) catalog.IndexOption {
	if c.key != nil {
		return 0
	}
	return c.rel.IndexDef.Option(i)
}

// primary reports whether an index is a primary key's.
func (c class) primary() bool { return c.key != nil && c.key.Primary }

// attributes are the relation's columns; an index has copies of its table's.
func (c class) attributes() []catalog.Column {
	if c.on == nil {
		return c.rel.Visible()
	}
	out := make([]catalog.Column, len(c.columns))
	for i, at := range c.columns {
		out[i] = catalog.Column{Name: c.on.Columns[at].Name, Type: c.on.Columns[at].Type}
	}
	return out
}

// The kinds of pg_class.
const (
	kindTable        = 'r'
	kindView         = 'v'
	kindMaterialized = 'm'
	kindForeign      = 'f' // a sink: it stands for what is elsewhere
	kindIndex        = 'i'
	kindSequence     = 'S'
)

// relkind is what PostgreSQL's clients are told that a relation is. A stream is a table to them, as rows are inserted into it.
func relkind(r *catalog.Relation) byte {
	switch r.Kind {
	case catalog.View:
		if r.ViewDef != nil && r.ViewDef.Materialized {
			return kindMaterialized
		}
		return kindView
	case catalog.Sink:
		return kindForeign
	case catalog.Index:
		return kindIndex
	case catalog.Sequence:
		return kindSequence
	case catalog.Virtual:
		if v, ok := r.VirtualDef.(interface{ isView() bool }); ok && v.isView() {
			return kindView
		}
	}
	return kindTable
}

// classOf is the row of a relation of the catalog.
func classOf(c *catalog.Catalog, r *catalog.Relation) class {
	x := class{oid: r.OID, schema: r.Schema, name: r.Name, kind: relkind(r), rel: r}
	if r.IndexDef != nil {
		x.on, _ = c.RelationByOID(r.IndexDef.On)
		x.columns = r.IndexDef.Columns
	}
	return x
}

// keyIndexes are the indexes behind a table's constraints.
func keyIndexes(r *catalog.Relation) []class {
	out := make([]class, len(r.Keys))
	for i := range r.Keys {
		k := &r.Keys[i]
		out[i] = class{oid: k.OID, schema: r.Schema, name: k.Name, kind: kindIndex, rel: r, on: r, columns: k.Columns, key: k}
	}
	return out
}

// classes calls emit with every row of pg_class.
func classes(s *scan, emit func(class) error) error {
	relations := s.cat.Relations()
	indexed := map[uint32]bool{}
	for _, r := range relations {
		if r.IndexDef != nil {
			indexed[r.IndexDef.On] = true
		}
	}
	for _, r := range relations {
		c := classOf(s.cat, r)
		c.hasIndex = indexed[r.OID] || len(r.Keys) > 0
		if err := emit(c); err != nil {
			return err
		}
		if err := emitAll(keyIndexes(r), emit); err != nil {
			return err
		}
	}
	return nil
}

// ofKind is classes, of some kinds only.
func ofKind(kinds ...byte) func(*scan, func(class) error) error {
	return func(s *scan, emit func(class) error) error {
		return classes(s, func(c class) error {
			for _, k := range kinds {
				if c.kind == k {
					return emit(c)
				}
			}
			return nil
		})
	}
}

// indexes calls emit with every index that there is a table of.
func indexes(s *scan, emit func(class) error) error {
	return ofKind(kindIndex)(s, func(c class) error {
		if c.on == nil {
			return nil
		}
		return emit(c)
	})
}

// findClass finds a row of pg_class, key indexes included.
func findClass(c *catalog.Catalog, oid uint32) (class, bool) {
	if r, ok := c.RelationByOID(oid); ok {
		return classOf(c, r), true
	}
	x, ok := keysOf(c).byOID[oid]
	return x, ok
}

// ClassName gives schema and name of a relation, or of the index behind a constraint.
func ClassName(c *catalog.Catalog, oid uint32) (schema uint32, name string, ok bool) {
	x, ok := findClass(c, oid)
	return x.schema, x.name, ok
}

// FindClass finds a relation by name in a schema, or the index behind a constraint.
func FindClass(c *catalog.Catalog, schema uint32, name string) (oid uint32, ok bool) {
	if r, ok := c.Relation(schema, name); ok {
		return r.OID, true
	}
	oid, ok = keysOf(c).byName[keyName{schema, name}]
	return oid, ok
}

// schemaName is the name of a schema.
func (s *scan) schemaName(oid uint32) string {
	if x, ok := s.cat.SchemaByOID(oid); ok {
		return x.Name
	}
	return ""
}
