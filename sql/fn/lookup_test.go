package fn_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// TestLiterals: every literal is whole, and no two have the same name and parameters.
func TestLiterals(t *testing.T) {
	for kind, all := range map[string][]*fn.Func{"function": fn.Functions(), "operator": fn.Operators()} {
		seen := map[string]bool{}
		for _, f := range all {
			key := f.Name + signature(f.Args)
			require.False(t, seen[key], "%s %s twice", kind, key)
			seen[key] = true
			require.Same(t, f, fn.Find(f.Name, f.Args), key)
			require.NotEmpty(t, f.Doc, key)
			require.Contains(t, f.Example, "→", key)
			require.LessOrEqual(t, f.Optional, len(f.Args), key)
			require.False(t, f.Variadic && len(f.Args) == 0, key)
			set := f.Table != nil || f.Name == "unnest" || f.Name == "_pg_expandarray"
			require.Equal(t, f.Set, set, "%s: Set and Table", key)
			require.NotEqual(t, f.Set, f.Kernel != nil, "%s: a set has no kernel", key)
			if kind == "operator" {
				require.False(t, f.Set)
				require.NotContains(t, "abcdefghijklmnopqrstuvwxyz_", f.Name[:1])
			}
		}
	}
	seen := map[string]bool{}
	for _, a := range fn.Aggregates() {
		key := a.Name + signature(a.Args)
		require.False(t, seen[key], "aggregate %s twice", key)
		seen[key] = true
		require.NotEmpty(t, a.Doc, key)
		require.NotNil(t, a.State, key)
		require.NotNil(t, a.Step, key)
		require.NotNil(t, a.Finish, key)
		require.Equal(t, a.OrderSensitive, a.Merge == nil, "%s: order and merge", key)
		require.False(t, a.OrderSensitive && a.Retractable, key)
	}
}

func signature(ts []types.Type) string {
	names := make([]string, len(ts))
	for i, t := range ts {
		names[i] = types.Format(t)
	}
	return "(" + strings.Join(names, ", ") + ")"
}

func TestOID(t *testing.T) {
	for _, f := range fn.Functions() {
		require.Same(t, f, fn.ByOID(fn.OID(f)))
	}
	require.Nil(t, fn.ByOID(1))
}

// TestSets runs the set-returning functions.
func TestSets(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string // type and text
		want string
	}{
		{"generate_series", []string{"int4", "1", "int4", "3"}, "1 2 3"},
		{"generate_series", []string{"int4", "5", "int4", "1", "int4", "-2"}, "5 3 1"},
		{"generate_series", []string{"int4", "3", "int4", "1"}, ""},
		{"generate_series", []string{"int4", "2147483646", "int4", "2147483647"}, "2147483646 2147483647"},
		{"generate_series", []string{"int8", "1", "int8", "2", "int8", "0"}, "ERROR step size cannot equal zero"},
		{"generate_series", []string{"numeric", "1.1", "numeric", "4", "numeric", "1.3"}, "1.1 2.4 3.7"},
		{"generate_series", []string{"timestamp", "2008-03-01", "timestamp", "2008-03-02", "interval", "12 hours"},
			"2008-03-01 00:00:00 2008-03-01 12:00:00 2008-03-02 00:00:00"},
		{"unnest", []string{"int4[]", "{{1,2},{3,NULL}}"}, "1 2 3 NULL"},
		{"unnest", []string{"int4[]", "NULL"}, ""},
		{"generate_subscripts", []string{"int4[]", "{5,6}", "int4", "1"}, "1 2"},
		{"jsonb_array_elements", []string{"jsonb", `[1, {"a": 2}]`}, `1 {"a": 2}`},
		{"jsonb_array_elements", []string{"jsonb", "5"}, "ERROR cannot extract elements from a scalar"},
		{"jsonb_each_text", []string{"jsonb", `{"b": "x", "a": null}`}, "a,NULL b,x"},
		{"jsonb_object_keys", []string{"jsonb", `{"b": 1, "a": 2}`}, "a b"},
		{"regexp_matches", []string{"text", "foobarbaz", "text", "b(.)", "text", "g"}, "{a} {a}"},
		{"regexp_split_to_table", []string{"text", "a b c", "text", " "}, "a b c"},
		{"string_to_table", []string{"text", "a,b", "text", ","}, "a b"},
	} {
		var ts []types.Type
		var args []types.Datum
		for i := 0; i < len(c.args); i += 2 {
			name, array := strings.CutSuffix(c.args[i], "[]")
			ty, ok := types.BySQLName(name)
			require.True(t, ok)
			if array {
				ty = types.ArrayOf(ty)
			}
			d, err := types.Null, error(nil)
			if c.args[i+1] != "NULL" {
				d, err = types.ParseText(ty, []byte(c.args[i+1]))
			}
			require.NoError(t, err)
			ts, args = append(ts, ty), append(args, d)
		}
		require.Equal(t, c.want, rowsOf(t, c.name, ts, args), "%s%v", c.name, c.args)
	}
}

func rowsOf(t *testing.T, name string, ts []types.Type, args []types.Datum) string {
	f := findSet(name, ts)
	require.NotNil(t, f, name)
	columns := []types.Type{f.ResultType(ts)}
	if len(f.Columns) > 0 {
		columns = nil
		for _, c := range f.Columns {
			columns = append(columns, c.Type)
		}
	}
	var rows []string
	err := fn.TableOf(f, ts)(&fn.Ctx{}, args, func(row []types.Datum) error {
		var fields []string
		for i, d := range row {
			fields = append(fields, types.String(columns[i], d))
		}
		rows = append(rows, strings.Join(fields, ","))
		return nil
	})
	if err != nil {
		return "ERROR " + strings.SplitN(err.Error(), " (", 2)[0]
	}
	return strings.Join(rows, " ")
}

func findSet(name string, ts []types.Type) *fn.Func {
	for _, f := range fn.Lookup(name) {
		ok := len(ts) <= len(f.Args) && len(ts) >= len(f.Args)-f.Optional
		for i := range ts {
			ok = ok && i < len(f.Args) && (f.Args[i].Same(ts[i]) || f.Args[i].ID == types.AnyArray && ts[i].Array)
		}
		if ok {
			return f
		}
	}
	return nil
}
