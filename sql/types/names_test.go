package types_test

import (
	"testing"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/stretchr/testify/require"
)

// TestNames checks spellings against what PostgreSQL 15's format_type prints for them.
func TestNames(t *testing.T) {
	for in, want := range map[string]string{
		"int": "integer", "INT4": "integer", "int8": "bigint", "Smallint": "smallint", "float(24)": "real", "float(25)": "double precision",
		"float": "double precision", "real": "real", "decimal": "numeric", "dec(5)": "numeric(5,0)", "numeric(10,2)": "numeric(10,2)",
		"numeric(3,-2)": "numeric(3,-2)", "varchar": "character varying", "varchar(10)": "character varying(10)",
		"character  varying ( 10 )": "character varying(10)", "char": "character(1)", "char(3)": "character(3)", `"char"`: `"char"`,
		"bpchar": "character", "nchar(2)": "character(2)", "bool": "boolean", "timestamp": "timestamp without time zone",
		"timestamp(3)": "timestamp(3) without time zone", "timestamptz(3)": "timestamp(3) with time zone",
		"timestamp(3) with time zone": "timestamp(3) with time zone", "timestamp(9)": "timestamp(6) without time zone",
		"time": "time without time zone", "time(2) without time zone": "time(2) without time zone", "interval": "interval",
		"interval(3)": "interval(3)", "interval day to second(3)": "interval day to second(3)", "interval year": "interval year",
		"text[]": "text[]", "int[][]": "integer[]", "_int4": "integer[]", "pg_catalog.int4": "integer", "varchar(5)[]": "character varying(5)[]",
		"regclass": "regclass", "name": "name", "oidvector": "oidvector", "numeric(5,2)[]": "numeric(5,2)[]", "uuid[3]": "uuid[]",
	} {
		typ, err := types.ParseTypeName(in)
		require.NoError(t, err, in)
		require.Equal(t, want, types.Format(typ), in)
		back, err := types.ParseTypeName(want)
		require.NoError(t, err, want)
		if in != "bpchar" { // its spelling means character(1) when it is read
			require.Equal(t, typ, back, want)
		}
	}
}

func TestWrongNames(t *testing.T) {
	for in, code := range map[string]sqlerr.Code{
		"integr": sqlerr.UndefinedObject, "int(3)": sqlerr.SyntaxError, "varchar(0)": sqlerr.InvalidParameterValue,
		"varchar(1,2)": sqlerr.InvalidParameterValue, "numeric(0)": sqlerr.InvalidParameterValue,
		"numeric(1001)": sqlerr.InvalidParameterValue, "numeric(1,2,3)": sqlerr.InvalidParameterValue,
		"float(54)": sqlerr.InvalidParameterValue, "text[": sqlerr.UndefinedObject, "": sqlerr.UndefinedObject,
		"varchar(x)": sqlerr.InvalidTextRepresentation, "int)": sqlerr.UndefinedObject, "a)(": sqlerr.UndefinedObject,
		"interval fortnight": sqlerr.UndefinedObject,
	} {
		_, err := types.ParseTypeName(in)
		require.Equal(t, code, sqlerr.CodeOf(err), "%q: %v", in, err)
	}
}

func TestTable(t *testing.T) {
	for id := range types.NumIDs {
		row := types.Table[id]
		require.Equal(t, id, row.ID)
		require.NotEmpty(t, row.Name)
		typ, ok := types.ByOID(row.OID)
		require.True(t, ok)
		require.Equal(t, types.T(id), typ)
		if row.ArrayOID != 0 {
			typ, ok = types.ByOID(row.ArrayOID)
			require.True(t, ok)
			require.Equal(t, types.ArrayOf(types.T(id)), typ)
			require.Equal(t, row.ArrayOID, typ.OID())
		}
	}
}

func TestFormatOID(t *testing.T) {
	require.Equal(t, "-", types.FormatOID(0, -1))
	require.Equal(t, "???", types.FormatOID(4242424, -1))
	require.Equal(t, "bpchar", types.FormatOID(1042, -1))
	require.Equal(t, "character(3)", types.FormatOID(1042, 7))
	require.Equal(t, "numeric(10,2)", types.FormatOID(1700, 655366))
	require.Equal(t, "integer[]", types.FormatOID(1007, -1))
}

// TestRecord checks the forms of ROW('a b', NULL, 1.50).
func TestRecord(t *testing.T) {
	num, err := types.ParseText(types.T(types.Numeric), []byte("1.50"))
	require.NoError(t, err)
	b := types.AppendRecord(nil, []types.Field{{Type: types.T(types.Text), Value: types.NewText("a b")},
		{Type: types.T(types.Int4), Value: types.Null}, {Type: types.T(types.Numeric), Value: num}})
	require.Equal(t, `("a b",,1.50)`, types.String(types.T(types.Record), types.NewBytes(b)))
	fields, err := types.DecodeRecord(b)
	require.NoError(t, err)
	require.Len(t, fields, 3)
	require.Equal(t, "1.50", types.String(fields[2].Type, fields[2].Value))
}

// TestNaNHasNoScaledForm: a numeric of at most 18 digits is an integer in memory, which has no NaN.
func TestNaNHasNoScaledForm(t *testing.T) {
	_, err := types.ParseText(types.NumericType(10, 2), []byte("NaN"))
	require.Equal(t, sqlerr.FeatureNotSupported, sqlerr.CodeOf(err))
	d, err := types.ParseText(types.NumericType(30, 2), []byte("NaN"))
	require.NoError(t, err)
	require.Equal(t, "NaN", types.String(types.NumericType(30, 2), d))
}
