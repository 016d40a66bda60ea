package system

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

// TestColumns compares every relation of pg_catalog and information_schema with PostgreSQL's pg_attribute: testdata/columns.txt,
// which testdata/columns.sql makes.
func TestColumns(t *testing.T) {
	text, err := os.ReadFile("testdata/columns.txt")
	require.NoError(t, err)
	c := catalog.New(Relations())
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSpace(line), " ", 4)
		name := fields[0]
		r := systemRelation(t, c, name)
		seen[name] = true
		require.Equal(t, fields[1], types.String(types.T(types.OID), num(r.OID)), name)
		require.Equal(t, fields[2], string(rune(relkind(r))), name)
		var want []string
		for _, c := range strings.Split(fields[3], ", ") {
			column, typ, _ := strings.Cut(c, " ")
			if s, ok := substitutes[strings.TrimSuffix(typ, "!")]; ok {
				c = column + " " + types.Format(s) + strings.Repeat("!", strings.Count(typ, "!"))
			}
			want = append(want, c)
		}
		require.Equal(t, strings.Join(want, ", "), columnsText(r), name)
	}
	require.Len(t, seen, 208)
	for _, r := range Relations() {
		if r.Schema != catalog.StreamDBOID {
			s, _ := c.SchemaByOID(r.Schema)
			require.True(t, seen[s.Name+"."+r.Name], "PostgreSQL has no %s", r.Name)
		}
	}
}

func columnsText(r *catalog.Relation) string {
	var out []string
	for _, c := range r.Visible() {
		text := c.Name + " " + types.Format(c.Type)
		if c.NotNull {
			text += "!"
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// TestRows reads every relation: NOT NULL columns are not null, and what has a number has it alone.
func TestRows(t *testing.T) {
	w := newTestWorld(t)
	for _, r := range Relations() {
		oids := map[int64]bool{}
		scanRows(t, w, r, func(row []types.Datum) {
			for i, c := range r.Columns {
				require.False(t, c.NotNull && row[i].Null, "%s.%s is null", r.Name, c.Name)
				require.NotPanics(t, func() { types.String(c.Type, row[i]) }, "%s.%s", r.Name, c.Name)
			}
			if at := r.Column("oid"); at >= 0 && r.Columns[at].NotNull {
				require.False(t, oids[row[at].I], "%s has number %d twice", r.Name, row[at].I)
				oids[row[at].I] = true
			}
		})
	}
}

// TestReferences follows every number that PostgreSQL says leads to another relation's row: testdata/references.txt, which
// testdata/references.sql makes.
func TestReferences(t *testing.T) {
	text, err := os.ReadFile("testdata/references.txt")
	require.NoError(t, err)
	w := newTestWorld(t)
	followed := 0
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if strings.Contains(f[1], ",") {
			continue // a column of a relation: checked by hand in testdata/rows
		}
		known := map[int64]bool{0: true}
		to := systemRelation(t, w.c, f[2])
		scanRows(t, w, to, func(row []types.Datum) { known[row[to.Column(f[3])].I] = true })
		from := systemRelation(t, w.c, f[0])
		at := from.Column(f[1])
		scanRows(t, w, from, func(row []types.Datum) {
			for _, id := range numbers(t, from.Columns[at].Type, row[at]) {
				require.True(t, known[id], "%s.%s has %d, which %s does not", f[0], f[1], id, f[2])
				followed++
			}
		})
	}
	require.Greater(t, followed, 10000)
}

// numbers are the numbers in a value: one, or those of an array.
func numbers(t *testing.T, typ types.Type, d types.Datum) (out []int64) {
	if d.Null {
		return nil
	}
	elem := typ.Elem()
	switch {
	case typ.ID == types.OIDVector:
		elem = types.T(types.OID)
	case !typ.Array:
		return []int64{d.I}
	}
	a, err := types.DecodeArray(elem, d.B)
	require.NoError(t, err)
	for _, e := range a.Elems {
		out = append(out, e.I)
	}
	return out
}
