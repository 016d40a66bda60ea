package system

import (
	"strings"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

// substitutes are PostgreSQL's types that StreamDB has none of, and what columns of them have instead: what their text can be
// read as.
var substitutes = map[string]types.Type{
	"inet": types.T(types.Text), "pg_lsn": types.T(types.Text), "pg_ndistinct": types.T(types.Text), "pg_dependencies": types.T(types.Text),
	"pg_mcv_list": types.T(types.Text), "pg_statistic[]": types.ArrayOf(types.T(types.Text)), "anyarray": types.ArrayOf(types.T(types.Text)),
}

// parseColumns reads the columns of a literal. A fault in one is a fault in this package, so it panics.
func parseColumns(list string) []catalog.Column {
	var out []catalog.Column
	for _, c := range strings.Split(strings.TrimSpace(list), ",") {
		name, typ, _ := strings.Cut(strings.TrimSpace(c), " ")
		typ, notNull := strings.CutSuffix(typ, "!")
		t, ok := substitutes[typ]
		if !ok {
			var err error
			if t, err = types.ParseTypeName(typ); err != nil {
				panic("column " + name + " of a system relation: " + err.Error())
			}
		}
		out = append(out, catalog.Column{Name: name, Type: t, NotNull: notNull})
	}
	return out
}

// zero is the value of a NOT NULL column about which there is nothing to say.
func zero(t types.Type) types.Datum {
	switch {
	case t.Array:
		return types.ArrayDatum(t.Elem(), types.Array{})
	case t.ID == types.Int2Vector, t.ID == types.OIDVector:
		return types.VectorDatum(t.ID, nil)
	}
	return types.Datum{}
}
