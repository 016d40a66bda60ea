package catalog

import (
	"cmp"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// The schemas that exist from the start, with PostgreSQL's OIDs where it has them.
const (
	PgCatalogOID         = 11
	PublicOID            = 2200
	InformationSchemaOID = 13000
	StreamDBOID          = 13001
	// FirstUserOID is where OIDs of users' objects begin, as PostgreSQL's FirstNormalObjectId.
	FirstUserOID = 16384
)

type name struct {
	schema uint32
	name   string
}

// Catalog is one state of the namespace.
type Catalog struct {
	version   uint64
	nextOID   uint32
	schemas   map[uint32]*Schema
	byName    map[string]uint32 // schemas
	relations map[uint32]*Relation
	names     map[name]uint32
	// list is the relations by OID. It is shared with the catalogs before and after this one, and never written again.
	list []*Relation
	// readers are the relations that read one directly, made when it is first asked for.
	readers atomic.Pointer[map[uint32][]*Relation]
	// computed are the views of each computation that is not a view's own alone, likewise.
	computed atomic.Pointer[map[uint32][]*Relation]
}

// New makes the catalog of an empty database with these virtual relations.
func New(virtual []*Relation) *Catalog {
	c := &Catalog{nextOID: FirstUserOID, schemas: map[uint32]*Schema{}, byName: map[string]uint32{},
		relations: map[uint32]*Relation{}, names: map[name]uint32{}}
	for _, s := range []Schema{{PgCatalogOID, "pg_catalog", "system catalog schema"}, {PublicOID, "public", "standard public schema"},
		{InformationSchemaOID, "information_schema", ""}, {StreamDBOID, "streamdb", "StreamDB's own system relations"}} {
		c.putSchema(&s)
	}
	for _, r := range virtual {
		c.putRelation(r)
	}
	c.enlistAll()
	return c
}

// Version grows with each change.
func (c *Catalog) Version() uint64 { return c.version }

// Schema finds a schema by name.
func (c *Catalog) Schema(name string) (*Schema, bool) {
	s, ok := c.schemas[c.byName[name]]
	return s, ok
}

// SchemaByOID finds a schema.
func (c *Catalog) SchemaByOID(oid uint32) (*Schema, bool) {
	s, ok := c.schemas[oid]
	return s, ok
}

// Relation finds a relation in one schema.
func (c *Catalog) Relation(schema uint32, relation string) (*Relation, bool) {
	r, ok := c.relations[c.names[name{schema, relation}]]
	return r, ok
}

// RelationByOID finds a relation.
func (c *Catalog) RelationByOID(oid uint32) (*Relation, bool) {
	r, ok := c.relations[oid]
	return r, ok
}

// Lookup finds a relation by its unqualified name along a search path. pg_catalog is searched first unless the path
// names it, as in PostgreSQL.
func (c *Catalog) Lookup(path []string, relation string) (*Relation, bool) {
	if !slices.Contains(path, "pg_catalog") {
		if r, ok := c.Relation(PgCatalogOID, relation); ok {
			return r, true
		}
	}
	for _, p := range path {
		if s, ok := c.Schema(p); ok {
			if r, ok := c.Relation(s.OID, relation); ok {
				return r, true
			}
		}
	}
	return nil, false
}

// Relations are all relations, by OID. The slice must not be written to.
func (c *Catalog) Relations() []*Relation { return c.list }

// Schemas are all schemas, by OID.
func (c *Catalog) Schemas() []*Schema {
	return slices.SortedFunc(maps.Values(c.schemas), func(a, b *Schema) int { return cmp.Compare(a.OID, b.OID) })
}

// Dependents are the relations that read oid directly, by OID: views and sinks over it, and its indexes. The slice must not be written to.
func (c *Catalog) Dependents(oid uint32) []*Relation {
	readers := c.readers.Load()
	if readers == nil {
		readers = c.findReaders() // more than one may; they find the same
		c.readers.Store(readers)
	}
	return (*readers)[oid]
}

func (c *Catalog) findReaders() *map[uint32][]*Relation {
	out := map[uint32][]*Relation{}
	for _, r := range c.list {
		for _, oid := range r.reads() {
			if of := out[oid]; len(of) == 0 || of[len(of)-1] != r { // a join of a relation with itself reads it once
				out[oid] = append(of, r)
			}
		}
	}
	return &out
}

// Indexes are the indexes over a relation, by OID.
func (c *Catalog) Indexes(oid uint32) []*Relation {
	var out []*Relation
	for _, r := range c.Dependents(oid) {
		if r.IndexDef != nil && r.IndexDef.On == oid {
			out = append(out, r)
		}
	}
	return out
}

// Edit is a catalog under change by one transaction.
type Edit struct{ c *Catalog }

// Edit begins a change of a copy of c.
func (c *Catalog) Edit() *Edit {
	return &Edit{&Catalog{version: c.version + 1, nextOID: c.nextOID, schemas: maps.Clone(c.schemas),
		byName: maps.Clone(c.byName), relations: maps.Clone(c.relations), names: maps.Clone(c.names), list: c.list}}
}

// Catalog is the changed catalog; the edit must not be used after it.
func (e *Edit) Catalog() *Catalog { return e.c }

// NewOID gives an OID that was never used.
func (e *Edit) NewOID() uint32 {
	e.c.nextOID++
	return e.c.nextOID - 1
}

// PutSchema adds or replaces a schema by its OID.
func (e *Edit) PutSchema(s *Schema) error {
	if oid, ok := e.c.byName[s.Name]; ok && oid != s.OID {
		return sqlerr.New(sqlerr.DuplicateSchema, "schema %q already exists", s.Name)
	}
	if old, ok := e.c.schemas[s.OID]; ok {
		delete(e.c.byName, old.Name)
	}
	e.c.putSchema(s)
	return nil
}

// PutRelation adds or replaces a relation by its OID.
func (e *Edit) PutRelation(r *Relation) error {
	if oid, ok := e.c.names[name{r.Schema, r.Name}]; ok && oid != r.OID {
		return sqlerr.New(sqlerr.DuplicateTable, "relation %q already exists", r.Name)
	}
	if old, ok := e.c.relations[r.OID]; ok {
		delete(e.c.names, name{old.Schema, old.Name})
	}
	e.c.putRelation(r)
	e.c.enlist(r)
	return nil
}

// DropRelation removes a relation.
func (e *Edit) DropRelation(oid uint32) {
	if r, ok := e.c.relations[oid]; ok {
		delete(e.c.names, name{r.Schema, r.Name})
		delete(e.c.relations, oid)
		i, _ := e.c.find(oid)
		e.c.list = slices.Concat(e.c.list[:i], e.c.list[i+1:])
		e.c.forget()
	}
}

// DropSchema removes an empty schema.
func (e *Edit) DropSchema(oid uint32) {
	if s, ok := e.c.schemas[oid]; ok {
		delete(e.c.byName, s.Name)
		delete(e.c.schemas, oid)
	}
}

func (c *Catalog) putSchema(s *Schema) {
	c.schemas[s.OID], c.byName[s.Name] = s, s.OID
}

func (c *Catalog) putRelation(r *Relation) {
	c.relations[r.OID], c.names[name{r.Schema, r.Name}] = r, r.OID
}

// enlist puts a relation into the list, in a copy of it.
func (c *Catalog) enlist(r *Relation) {
	i, there := c.find(r.OID)
	rest := c.list[i:]
	if there {
		rest = rest[1:]
	}
	c.list = slices.Concat(c.list[:i], []*Relation{r}, rest)
	c.forget()
}

// forget drops what was made of the list.
func (c *Catalog) forget() {
	c.readers.Store(nil)
	c.computed.Store(nil)
}

// enlistAll makes the list.
func (c *Catalog) enlistAll() {
	c.list = slices.SortedFunc(maps.Values(c.relations), func(a, b *Relation) int { return cmp.Compare(a.OID, b.OID) })
}

// find is the place of a relation in the list.
func (c *Catalog) find(oid uint32) (place int, there bool) {
	return slices.BinarySearchFunc(c.list, oid, func(r *Relation, oid uint32) int { return cmp.Compare(r.OID, oid) })
}

// NextOID is the OID that the next new object gets.
func (c *Catalog) NextOID() uint32 { return c.nextOID }

// Restore makes a catalog of stored objects, with the virtual relations of this binary.
func Restore(version uint64, nextOID uint32, schemas []*Schema, relations, virtual []*Relation) *Catalog {
	c := New(virtual)
	c.version, c.nextOID = version, max(nextOID, c.nextOID)
	for _, s := range schemas {
		c.putSchema(s)
	}
	for _, r := range relations {
		c.putRelation(r)
	}
	c.enlistAll()
	return c
}
