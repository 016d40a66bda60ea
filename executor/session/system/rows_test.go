package system

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/settings"
	"github.com/streamdb/streamdb/sql/types"
)

func newTestWorld(t *testing.T) testWorld { return testWorld{settings.NewValues(), testCatalog(t)} }

// TestScan runs testdata/rows over testCatalog: "scan <relation> <columns>" prints those columns (without any, all) of the
// rows that match the regular expression in the input; numbers from 16384 on are written as the name of the relation or constraint that they number.
func TestScan(t *testing.T) {
	w := newTestWorld(t)
	datadriven.RunTest(t, "testdata/rows", func(t *testing.T, d *datadriven.TestData) string {
		require.Equal(t, "scan", d.Cmd, d.Pos)
		match := regexp.MustCompile(strings.TrimSpace(d.Input))
		var columns []string
		for _, a := range d.CmdArgs[1:] {
			columns = append(columns, a.Key)
		}
		r := systemRelation(t, w.c, d.CmdArgs[0].Key)
		if len(columns) == 0 {
			for _, c := range r.Visible() {
				columns = append(columns, c.Name)
			}
		}
		var out strings.Builder
		scanRows(t, w, r, func(row []types.Datum) {
			parts := make([]string, len(columns))
			for i, name := range columns {
				at := r.Column(name)
				require.GreaterOrEqual(t, at, 0, "%s: no column %s", d.Pos, name)
				parts[i] = w.show(r.Columns[at].Type, row[at])
			}
			if line := strings.Join(parts, " | "); match.MatchString(line) {
				fmt.Fprintln(&out, line)
			}
		})
		return out.String()
	})
}

func (w testWorld) show(t types.Type, d types.Datum) string {
	if t.ID == types.OID && !t.Array && d.I >= 16384 && !d.Null {
		if _, name, ok := ClassName(w.c, uint32(d.I)); ok {
			return "#" + name
		}
	}
	return types.String(t, d)
}

func TestDefinitions(t *testing.T) {
	w := newTestWorld(t)
	oid := func(name string) uint32 {
		x, ok := FindClass(w.c, 2200, name)
		require.True(t, ok, name)
		return x
	}
	check := func(want string) func(string, bool) {
		return func(got string, ok bool) {
			require.Equal(t, want, got)
			require.Equal(t, want != "", ok)
		}
	}
	check(" SELECT id FROM public.item WHERE price > 100;")(ViewDefinition(w.c, oid("dear")))
	check(` SELECT name AS "Name" FROM public.item EMIT ON WINDOW CLOSE;`)(ViewDefinition(w.c, oid("named")))
	check("")(ViewDefinition(w.c, oid("item")))
	check("CREATE UNIQUE INDEX item_pkey ON public.item USING btree (id)")(IndexDefinition(w.c, oid("item_pkey"), 0))
	check("CREATE INDEX item_price_idx ON public.item USING btree (price)")(IndexDefinition(w.c, oid("item_price_idx"), 0))
	check("price")(IndexDefinition(w.c, oid("item_name_key"), 2))
	check("")(IndexDefinition(w.c, oid("item_name_key"), 3))
	check("PRIMARY KEY (id)")(ConstraintDefinition(w.c, oid("item_pkey")))
	check("UNIQUE (name, price)")(ConstraintDefinition(w.c, oid("item_name_key")))
	check("public.item_id_seq")(ColumnSequence(w.c, oid("item"), 1))
	check("")(ColumnSequence(w.c, oid("item"), 2))
	check("tags")(ColumnName(w.c, oid("item"), 4))
	check("")(ColumnName(w.c, oid("item"), 5))
	check("'it''s'")(DefaultDefinition(w.c, oid("item"), 2))
}
