package types_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/types/internal/golden"
	"github.com/streamdb/streamdb/sql/types/jsonb"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// inputTypes are the types with an input function of their own.
func inputTypes(t testing.TB) []types.Type {
	var out []types.Type
	for _, name := range []string{
		"bool", "int2", "int4", "int8", "float4", "float8", "numeric", "numeric(10,2)", "numeric(30,5)", "text", "varchar(3)", "char(3)",
		"name", `"char"`, "bytea", "date", "time", "timestamp", "timestamp(2)", "timestamptz", "interval", "interval day to minute",
		"uuid", "json", "jsonb", "oid", "regtype", "int2vector", "oidvector", "int4[]", "text[]", "timestamp[]", "jsonb[]",
	} {
		out = append(out, mustType(t, name))
	}
	return out
}

// FuzzText gives any text to every input function: none panics, every error has a SQLSTATE of its own, and what is read is
// printed as something that is read as the same.
func FuzzText(f *testing.F) {
	files, err := filepath.Glob("testdata/*.golden")
	require.NoError(f, err)
	for _, file := range files {
		for _, c := range golden.Parse(f, file) {
			f.Add([]byte(c.Input))
		}
	}
	all := inputTypes(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, typ := range all {
			d, err := types.ParseText(typ, text)
			if err != nil {
				require.NotEqual(t, sqlerr.InternalError, sqlerr.CodeOf(err), "%v %q", typ, text)
				continue
			}
			printed := types.AppendText(nil, typ, d)
			back, err := types.ParseText(typ, printed)
			require.NoError(t, err, "%v %q printed %q", typ, text, printed)
			require.Equal(t, string(printed), string(types.AppendText(nil, typ, back)), "%v %q", typ, text)
			require.Zero(t, types.Compare(typ, d, back), "%v %q", typ, text)
		}
	})
}

// FuzzBinary gives any bytes to every receive function.
func FuzzBinary(f *testing.F) {
	all := inputTypes(f)
	for _, s := range []string{"", "\x00", "\x01{}", "12345678", "1234567812345678"} {
		f.Add([]byte(s))
	}
	for _, typ := range all {
		if typ.Array {
			f.Add(types.AppendBinary(nil, typ, types.ArrayDatum(typ.Elem(), types.NewArray([]types.Datum{types.Null}))))
		}
	}
	f.Add(decimal.New(-123456789, 4).AppendBinary(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, typ := range all {
			d, err := types.ParseBinary(typ, b)
			if err != nil {
				continue
			}
			back, err := types.ParseBinary(typ, types.AppendBinary(nil, typ, d))
			require.NoError(t, err, "%v %x", typ, b)
			require.Zero(t, types.Compare(typ, d, back), "%v %x", typ, b)
			types.AppendText(nil, typ, d)
		}
	})
}

// FuzzStored gives any bytes as stored values of the types that have an encoding: reading them must not panic.
func FuzzStored(f *testing.F) {
	stored := []types.Type{types.T(types.Numeric), types.T(types.JSONB), types.T(types.Record), types.T(types.OIDVector),
		types.ArrayOf(types.T(types.Int4)), types.ArrayOf(types.T(types.Text)), types.ArrayOf(types.T(types.Numeric))}
	f.Add([]byte("\x81\x02\x02\x01\x00\x00"))
	f.Add([]byte(`{"a": [1.50, "x\n\u0001"], "bb": {"c": null}}`))
	f.Add(types.AppendRecord(nil, []types.Field{{Type: types.T(types.Int4), Value: types.NewInt(1)}, {Type: types.T(types.Text), Value: types.Null}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, typ := range stored {
			d := types.NewBytes(b)
			types.AppendText(nil, typ, d)
			types.AppendBinary(nil, typ, d)
			require.Zero(t, types.Compare(typ, d, types.NewBytes(bytes.Clone(b))))
			types.Key(typ, d)
			types.ArrayElem(typ.Elem(), b, 1)
		}
		jsonb.Contains(b, b)
		jsonb.Path(b, [][]byte{[]byte("a"), []byte("1")})
		jsonb.Exists(b, []byte("a"))
	})
}

// TestOrderIsTotal checks transitivity and antisymmetry over values of all representations.
func TestOrderIsTotal(t *testing.T) {
	texts := map[string][]string{
		"numeric": {"0", "0.0", "-1", "1.50", "1.5", "NaN", "Infinity", "-Infinity", "1e30", "12345678901234567890.5", "1e-30"},
		"jsonb":   {"1", "1.0", "[]", "{}", "[1]", "null", `"a"`, `{"a":1}`, `{"a":1.0}`, `{"b":0}`, "[[]]", "true"},
		"float8":  {"0", "-0", "NaN", "Infinity", "1"}, "interval": {"1 mon", "30 days", "1 day", "-1 mon", "720:00"},
		"text[]": {"{}", "{a}", "{a,b}", "{NULL}", "{{a}}", "[0:0]={a}"},
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"numeric", "jsonb", "float8", "interval", "text[]"}).Draw(t, "type")
		typ, err := types.ParseTypeName(name)
		require.NoError(t, err)
		var v [3]types.Datum
		for i := range v {
			v[i], err = types.ParseText(typ, []byte(rapid.SampledFrom(texts[name]).Draw(t, "text")))
			require.NoError(t, err)
		}
		ab, bc, ac := types.Compare(typ, v[0], v[1]), types.Compare(typ, v[1], v[2]), types.Compare(typ, v[0], v[2])
		require.Equal(t, ab, -types.Compare(typ, v[1], v[0]))
		if ab <= 0 && bc <= 0 {
			require.LessOrEqual(t, ac, 0)
		}
		if ab == 0 && bc == 0 {
			require.Zero(t, ac)
		}
	})
}
