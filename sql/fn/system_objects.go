package fn

import (
	"bytes"
	"strings"
	"time"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

var recordT = types.T(types.Record)

// objectFuncs are set-returning and descriptive functions that tools call, mostly about kinds of objects that there are
// none of.
var objectFuncs = concat([]*Func{
	{Name: "oidvectortypes", Args: args(types.T(types.OIDVector)), Ret: textT, Vol: Stable, Doc: "The types of a list of OIDs.", Example: "oidvectortypes('23 25') → integer, text",
		Kernel: text1(func(c *Ctx, dst, v []byte) ([]byte, error) {
			for k, oid := range bytes.Fields(c.appendText(nil, types.T(types.OIDVector), types.NewBytes(v))) {
				if k > 0 {
					dst = append(dst, ", "...)
				}
				n, err := types.ParseOID("oid", oid)
				if err != nil {
					return dst, err
				}
				dst = append(dst, types.FormatOID(uint32(n), -1)...)
			}
			return dst, nil
		})},
	{Name: "getdatabaseencoding", Ret: nameT, Vol: Stable, Doc: "The database's encoding.", Example: "getdatabaseencoding() → UTF8",
		Kernel: text0(func(_ *Ctx, dst []byte) ([]byte, error) { return append(dst, "UTF8"...), nil })},
	{Name: "pg_client_encoding", Ret: nameT, Vol: Stable, Doc: "The client's encoding.", Example: "pg_client_encoding() → UTF8",
		Kernel: text0(func(_ *Ctx, dst []byte) ([]byte, error) { return append(dst, "UTF8"...), nil })},
	{Name: "pg_column_size", Args: args(anyType), Ret: int4T, Vol: Stable, Doc: "Bytes of a value in binary form, without its length.", Example: "pg_column_size(1::int8) → 8",
		Kernel: rowwise(func(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
			if n := ts[0].TypLen(); n > 0 {
				return types.NewInt(int64(n)), nil
			}
			return types.NewInt(int64(len(a[0].B))), nil
		})},
	{Name: "pg_options_to_table", Args: args(textArray), Ret: recordT, Set: true, Vol: Stable, Doc: "Options as names and values.", Example: "pg_options_to_table('{a=1}') → (a,1)",
		Columns: []Column{{"option_name", textT}, {"option_value", textT}}, Table: func(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
			for _, option := range texts(a[0].B) {
				name, value, ok := bytes.Cut(option, []byte("="))
				row := []types.Datum{types.NewBytes(name), types.NewBytes(value)}
				if !ok {
					row[1] = types.Null
				}
				if err := emit(row); err != nil {
					return err
				}
			}
			return nil
		}},
	{Name: "pg_timezone_names", Ret: recordT, Set: true, Vol: Stable, Doc: "The time zones.", Example: "pg_timezone_names() → (UTC,UTC,00:00:00,f)",
		Columns: []Column{{"name", textT}, {"abbrev", textT}, {"utc_offset", intervalT}, {"is_dst", boolT}}, Table: timezoneNames},
	{Name: "_pg_expandarray", Args: arrayOne, Ret: recordT, Set: true, Doc: "The elements with their numbers (information_schema).", Example: "_pg_expandarray('{5,6}'::int[]) → (5,1)",
		Columns: []Column{{"x", anyElement}, {"n", int4T}}},
	{Name: "pg_get_keywords", Ret: recordT, Set: true, Vol: Stable, Doc: "The words that need quotes as identifiers.", Example: "pg_get_keywords() → (all,R,f,reserved,…)",
		Columns: []Column{{"word", textT}, {"catcode", types.T(types.Char)}, {"barelabel", boolT}, {"catdesc", textT}, {"baredesc", textT}}, Table: keywords},
}, noRows("pg_partition_ancestors", "The tables that a partition belongs to: there are none.", Column{"relid", regclassT}, regclassT),
	nothing("pg_get_functiondef", "The definition of a function: all are built in.", oidT), nothing("pg_get_function_sqlbody", "The body of an SQL function: there are none.", oidT),
	nothing("pg_get_statisticsobjdef", "The definition of extended statistics: there are none.", oidT), nothing("pg_describe_object", "The description of an object.", oidT, oidT, int4T),
	visibilities("pg_ts_parser_is_visible", "pg_ts_template_is_visible"))

// noRows is a set of a kind of objects that there are none of.
func noRows(name, doc string, column Column, params ...types.Type) []*Func {
	return []*Func{{Name: name, Args: params, Ret: column.Type, Set: true, Vol: Stable, Doc: doc, Example: name + "(…) →",
		Columns: []Column{column}, Table: func(*Ctx, []types.Datum, func([]types.Datum) error) error { return nil }}}
}

func timezoneNames(c *Ctx, _ []types.Datum, emit func([]types.Datum) error) error {
	now := time.UnixMicro(c.now())
	for _, name := range datetime.ZoneNames() {
		loc, ok := datetime.LoadZone(name)
		if !ok {
			continue
		}
		at := now.In(loc)
		abbrev, offset := at.Zone()
		row := []types.Datum{types.NewText(name), types.NewText(abbrev), types.NewInterval(0, 0, int64(offset)*datetime.Second), types.NewBool(at.IsDST())}
		if err := emit(row); err != nil {
			return err
		}
	}
	return nil
}

func keywords(_ *Ctx, _ []types.Datum, emit func([]types.Datum) error) error {
	for _, word := range strings.Fields(reservedWords) {
		row := []types.Datum{types.NewText(word), types.NewText("R"), types.NewBool(false), types.NewText("reserved"), types.NewText("requires AS")}
		if err := emit(row); err != nil {
			return err
		}
	}
	return nil
}

// expandArray is _pg_expandarray: elements with their numbers from 1.
func expandArray(elem types.Type) func(*Ctx, []types.Datum, func([]types.Datum) error) error {
	return func(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
		arr, err := types.DecodeArray(elem, a[0].B)
		if err != nil {
			return err
		}
		for k, d := range arr.Elems {
			if err := emit([]types.Datum{d, types.NewInt(int64(k + 1))}); err != nil {
				return err
			}
		}
		return nil
	}
}
