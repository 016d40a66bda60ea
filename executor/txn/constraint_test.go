package txn

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// accounts is a table (id int8 NOT NULL, name text, good bool CHECK (good)).
func accounts(t *testing.T) *checker {
	meta := &catalog.Relation{
		Name: "accounts", Kind: catalog.Table,
		Columns: []catalog.Column{{Name: "id", Type: types.T(types.Int8), NotNull: true}, {Name: "name", Type: types.T(types.Text)},
			{Name: "good", Type: types.T(types.Bool)}},
		Keys: []catalog.Key{{Name: "accounts_name_id_key", Columns: []int{1, 0}}},
	}
	good := physical.E(&expr.Column{Index: 2, Typ: types.T(types.Bool)})
	eval, err := (&Txn{}).newRowMaker([]physical.Expr{good}, nil)
	require.NoError(t, err)
	return &checker{meta: meta, schema: "bank", checks: []physical.Check{{Name: "accounts_good_check", Expr: good}}, eval: eval}
}

// TestCheckerErrors: the texts and fields are those of PostgreSQL 15, and rows that are not selected are not tested.
func TestCheckerErrors(t *testing.T) {
	id, name, yes, no := types.NewInt(7), types.NewText("x"), types.NewBool(true), types.NewBool(false)
	for _, tc := range []struct {
		what               string
		row                []types.Datum
		code               sqlerr.Code
		message, detail    string
		column, constraint string
	}{
		{what: "good", row: []types.Datum{id, name, yes}},
		{what: "an unknown check holds", row: []types.Datum{id, types.Null, types.Null}},
		{what: "null", row: []types.Datum{types.Null, name, yes}, code: sqlerr.NotNullViolation,
			message: `null value in column "id" of relation "accounts" violates not-null constraint`,
			detail:  "Failing row contains (null, x, t).", column: "id"},
		{what: "check", row: []types.Datum{id, types.Null, no}, code: sqlerr.CheckViolation,
			message: `new row for relation "accounts" violates check constraint "accounts_good_check"`,
			detail:  "Failing row contains (7, null, f).", constraint: "accounts_good_check"},
		{what: "not null comes before checks", row: []types.Datum{types.Null, name, no}, code: sqlerr.NotNullViolation,
			message: `null value in column "id" of relation "accounts" violates not-null constraint`,
			detail:  "Failing row contains (null, x, f).", column: "id"},
	} {
		t.Run(tc.what, func(t *testing.T) {
			c := accounts(t)
			b := vec.NewBatch(c.meta.Types(), 0)
			b.AppendRow(1, id, name, yes)
			b.AppendRow(1, tc.row...)
			b.Sel = []int32{0}
			require.NoError(t, c.check(b), "the row is not selected")
			b.Sel = []int32{0, 1}
			err := c.check(b)
			if tc.message == "" {
				require.NoError(t, err)
				return
			}
			e := sqlerr.From(err)
			require.Equal(t, tc.code, e.Code)
			require.Equal(t, tc.message, e.Message)
			require.Equal(t, tc.detail, e.Detail)
			require.Equal(t, []string{"bank", "accounts", tc.column, tc.constraint}, []string{e.Schema, e.Table, e.Column, e.Constraint})
		})
	}
}

// TestDuplicate: the detail of a key names its columns in the key's order, and shows long values whole, as PostgreSQL does.
func TestDuplicate(t *testing.T) {
	c := accounts(t)
	long := strings.Repeat("é", 50)
	b := vec.NewBatch(c.meta.Types(), 0)
	b.AppendRow(1, types.NewInt(7), types.NewText(long), types.NewBool(true))
	e := sqlerr.From(c.duplicate(&c.meta.Keys[0], b, 0))
	require.Equal(t, sqlerr.UniqueViolation, e.Code)
	require.Equal(t, `duplicate key value violates unique constraint "accounts_name_id_key"`, e.Message)
	require.Equal(t, "Key (name, id)=("+long+", 7) already exists.", e.Detail)
	require.Equal(t, []string{"bank", "accounts", "accounts_name_id_key"}, []string{e.Schema, e.Table, e.Constraint})
}

// TestRowTextClips: a row's values are cut at 64 bytes, but never within a character.
func TestRowTextClips(t *testing.T) {
	for _, tc := range []struct{ value, want string }{
		{strings.Repeat("a", 64), strings.Repeat("a", 64)},
		{strings.Repeat("a", 65), strings.Repeat("a", 64) + "..."},
		{"a" + strings.Repeat("é", 40), "a" + strings.Repeat("é", 31) + "..."},
	} {
		b := vec.NewBatch([]types.Type{types.T(types.Text), types.T(types.Int8)}, 1)
		b.AppendRow(1, types.NewText(tc.value), types.NewInt(1))
		require.Equal(t, "("+tc.want+", 1)", rowText(b, 0))
	}
}
