package system

import (
	"context"
	"maps"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// table is the literal of a system relation whose rows are made of values of type R, one each.
type table[R any] struct {
	oid  uint32
	name string
	// view says that PostgreSQL has it as a view; otherwise as a table.
	view bool
	// columns are "name type" with commas between them; a "!" after the type is NOT NULL.
	columns string
	// rows calls emit with what each row is made of; nil for a relation that is always empty.
	rows func(s *scan, emit func(R) error) error
	// values give the columns' values. A column without an entry is null or, where it is NOT NULL, its type's zero (0, false,
	// an empty text or array).
	values values[R]
}

// values are the columns' values by the columns' names.
type values[R any] map[string]func(R) types.Datum

// with is v with one column more.
func (v values[R]) with(name string, value func(R) types.Datum) values[R] {
	out := maps.Clone(v)
	out[name] = value
	return out
}

// nothing is what the rows of an always empty relation are made of.
type nothing struct{}

// absent is the literal of a relation about a kind of object that StreamDB has none of.
type absent = table[nothing]

// definition is a table of any R.
type definition interface {
	build(schema uint32) *catalog.Relation
}

// build makes the catalog's entry.
func (d table[R]) build(schema uint32) *catalog.Relation {
	r := &catalog.Relation{OID: d.oid, Schema: schema, Name: d.name, Kind: catalog.Virtual, Columns: parseColumns(d.columns)}
	v := &virtual[R]{def: d, types: r.Types()}
	for i := range r.Columns {
		c := &r.Columns[i]
		get := d.values[c.Name]
		if get == nil {
			boring := types.Null
			if c.NotNull {
				boring = zero(c.Type)
			}
			get = func(R) types.Datum { return boring }
		}
		v.get = append(v.get, get)
	}
	for name := range d.values {
		if r.Column(name) < 0 {
			panic("system relation " + d.name + " has a value for " + name + ", which is no column")
		}
	}
	if !d.view {
		r.Columns = append(r.Columns, systemColumns...)
		v.types = r.Types()
	}
	r.VirtualDef = v
	return r
}

// systemColumns are those that PostgreSQL's tables have without being asked, as far as clients ask for them: psql and pg_dump for
// where a comment belongs, DataGrip for what has changed.
var systemColumns = []catalog.Column{
	{Name: "tableoid", Type: types.T(types.OID), NotNull: true, Hidden: true},
	{Name: "xmin", Type: types.T(types.XID), NotNull: true, Hidden: true},
}

// system are the values of systemColumns. A row's age is not known; any of them may have changed when the catalog has.
func (v *virtual[R]) system(c *catalog.Catalog) []types.Datum {
	const firstNormalXID = 3
	return []types.Datum{num(v.def.oid), num(uint32(c.Version()) + firstNormalXID)}[:len(v.types)-len(v.get)]
}

// virtual implements catalog.VirtualRelation.
type virtual[R any] struct {
	def   table[R]
	types []types.Type
	get   []func(R) types.Datum
}

// isView tells pg_class what the relation is in PostgreSQL.
func (v *virtual[R]) isView() bool { return v.def.view }

// Scan implements catalog.VirtualRelation.
func (v *virtual[R]) Scan(ctx context.Context, env fn.Env, emit func(*vec.Batch) error) error {
	if v.def.rows == nil {
		return nil
	}
	w, ok := env.(World)
	if !ok {
		return sqlerr.Internal("%s is read outside of a session", v.def.name)
	}
	b := vec.NewBatch(v.types, vec.BatchSize)
	flush := func() error {
		if err := context.Cause(ctx); err != nil || b.N == 0 {
			return err
		}
		defer b.Reset()
		return emit(b)
	}
	sc := &scan{World: w, env: env, cat: w.Current()}
	system := v.system(sc.cat)
	err := v.def.rows(sc, func(row R) error {
		for i, get := range v.get {
			b.Cols[i].Append(get(row))
		}
		for i, d := range system {
			b.Cols[len(v.get)+i].Append(d)
		}
		if b.N++; b.N < vec.BatchSize {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// each makes the rows function of a list that is the same for everyone.
func each[R any](list []R) func(*scan, func(R) error) error {
	return func(_ *scan, emit func(R) error) error { return emitAll(list, emit) }
}

func emitAll[R any](list []R, emit func(R) error) error {
	for _, r := range list {
		if err := emit(r); err != nil {
			return err
		}
	}
	return nil
}
