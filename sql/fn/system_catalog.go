package fn

import (
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// catalogFuncs describe the objects of the catalog by their OIDs, as psql, drivers and tools ask for them.
var catalogFuncs = concat([]*Func{
	{Name: "format_type", Args: args(oidT, int4T), Ret: textT, Nulls: CalledOnNull, Vol: Stable, Doc: "The SQL name of a type with a modifier.", Example: "format_type(1043, 14) → character varying(10)",
		Kernel: rowwise(formatType)},
	{Name: "pg_get_userbyid", Args: args(oidT), Ret: nameT, Vol: Stable, Doc: "Name of a role.", Example: "pg_get_userbyid(10) → streamdb",
		Kernel: rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			if a[0].I == OwnerOID {
				return types.NewText(c.env().User()), nil
			}
			return types.NewText("unknown (OID=" + strconv.FormatInt(a[0].I, 10) + ")"), nil
		})},
	{Name: "pg_get_expr", Args: args(types.T(types.PGNodeTree), oidT, boolT), Optional: 1, Ret: textT, Vol: Stable, Doc: "The text of a stored expression, which it is already.",
		Example: "pg_get_expr(NULL, 0) → NULL", Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) { return types.NewBytes(a[0].B), nil })},
	{Name: "pg_get_viewdef", Args: args(textT, boolT), Optional: 1, Ret: textT, Vol: Stable, Doc: "The query of a view.", Example: "pg_get_viewdef('v') → SELECT 1",
		Kernel: rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			oid, ok := c.env().Catalog().ResolveRelation(string(a[0].B))
			if !ok {
				return types.Null, noRelation(a[0].B)
			}
			return definition(c, ViewDefinition, oid, 0)
		})},
	{Name: "pg_get_viewdef", Args: args(oidT, boolT), Optional: 1, Ret: textT, Vol: Stable, Doc: "The query of a view.", Example: "pg_get_viewdef(0) → NULL",
		Kernel: defined(ViewDefinition)},
	{Name: "pg_get_viewdef", Args: args(oidT, int4T), Ret: textT, Vol: Stable, Doc: "The query of a view, wrapped at a column.", Example: "pg_get_viewdef(0, 80) → NULL",
		Kernel: defined(ViewDefinition)},
	{Name: "pg_get_indexdef", Args: args(oidT), Ret: textT, Vol: Stable, Doc: "The definition of an index.", Example: "pg_get_indexdef(0) → NULL", Kernel: defined(IndexDefinition)},
	{Name: "pg_get_indexdef", Args: args(oidT, int4T, boolT), Ret: textT, Vol: Stable, Doc: "The definition of a column of an index, or of all for 0.",
		Example: "pg_get_indexdef(0, 1, true) → NULL", Kernel: rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			return definition(c, IndexDefinition, uint32(a[0].I), int32(a[1].I))
		})},
	{Name: "pg_get_constraintdef", Args: args(oidT, boolT), Optional: 1, Ret: textT, Vol: Stable, Doc: "The definition of a constraint.", Example: "pg_get_constraintdef(0) → NULL",
		Kernel: defined(ConstraintDefinition)},
	{Name: "obj_description", Args: args(oidT, nameT), Optional: 1, Ret: textT, Vol: Stable, Doc: "The comment on an object.", Example: "obj_description(0, 'pg_class') → NULL",
		Kernel: rowwise(objDescription)},
	{Name: "pg_get_serial_sequence", Args: args(textT, textT), Ret: textT, Vol: Stable, Doc: "The sequence behind a serial or identity column.",
		Example: "pg_get_serial_sequence('t', 'id') → public.t_id_seq", Kernel: rowwise(serialSequence)},
	{Name: "col_description", Args: args(oidT, int4T), Ret: textT, Vol: Stable, Doc: "The comment on a column.", Example: "col_description(0, 1) → NULL",
		Kernel: rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			return definition(c, ColumnComment, uint32(a[0].I), int32(a[1].I))
		})},
	{Name: "pg_encoding_to_char", Args: args(int4T), Ret: nameT, Doc: "Name of an encoding.", Example: "pg_encoding_to_char(6) → UTF8",
		Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			return types.NewText(map[int64]string{0: "SQL_ASCII", utf8Encoding: "UTF8"}[a[0].I]), nil
		})},
	{Name: "pg_char_to_encoding", Args: args(nameT), Ret: int4T, Doc: "Number of an encoding.", Example: "pg_char_to_encoding('UTF8') → 6",
		Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			if n := lowerString(a[0].B); n == "utf8" || n == "utf-8" {
				return types.NewInt(utf8Encoding), nil
			}
			return types.NewInt(-1), nil
		})},
	{Name: "pg_is_other_temp_schema", Args: args(oidT), Ret: boolT, Vol: Stable, Doc: "Whether a schema is another session's temporary one: never.", Example: "pg_is_other_temp_schema(0) → false",
		Kernel: test1(func(int64) bool { return false })},
	{Name: "pg_my_temp_schema", Ret: oidT, Vol: Stable, Doc: "The session's temporary schema: none.", Example: "pg_my_temp_schema() → 0",
		Kernel: map0(func(*Ctx) (int64, error) { return 0, nil })},
	{Name: "pg_relation_is_publishable", Args: args(regclassT), Ret: boolT, Vol: Stable, Doc: "Whether a relation can be in a publication: never.", Example: "pg_relation_is_publishable(0) → false",
		Kernel: test1(func(int64) bool { return false })},
	{Name: "pg_get_function_arguments", Args: args(oidT), Ret: textT, Vol: Stable, Doc: "The parameters of a function.", Example: "pg_get_function_arguments(0) → NULL",
		Kernel: ofFunction(signature)},
	{Name: "pg_get_function_identity_arguments", Args: args(oidT), Ret: textT, Vol: Stable, Doc: "The parameters that tell a function from others.",
		Example: "pg_get_function_identity_arguments(0) → NULL", Kernel: ofFunction(signature)},
	{Name: "pg_get_function_result", Args: args(oidT), Ret: textT, Vol: Stable, Doc: "The result of a function.", Example: "pg_get_function_result(0) → NULL",
		Kernel: ofFunction(func(f *Proc) string {
			if f.Set {
				return "SETOF " + types.Format(f.Ret)
			}
			return types.Format(f.Ret)
		})},
	{Name: "to_regclass", Args: args(textT), Ret: regclassT, Vol: Stable, Doc: "The relation of a name; null if there is none.", Example: "to_regclass('no_such') → NULL", Kernel: toReg(types.Regclass)},
	{Name: "to_regnamespace", Args: args(textT), Ret: types.T(types.Regnamespace), Vol: Stable, Doc: "The schema of a name; null if there is none.", Example: "to_regnamespace('no_such') → NULL",
		Kernel: toReg(types.Regnamespace)},
	{Name: "to_regtype", Args: args(textT), Ret: regtypeT, Vol: Stable, Doc: "The type of a name; null if there is none.", Example: "to_regtype('int') → integer", Kernel: toReg(types.Regtype)},
	{Name: "to_regproc", Args: args(textT), Ret: types.T(types.Regproc), Vol: Stable, Doc: "The function of a name; null if there is none.", Example: "to_regproc('no_such') → NULL",
		Kernel: toReg(types.Regproc)},
}, nothing("shobj_description", "The comment on a shared object: none.", oidT, nameT), nothing("pg_get_partkeydef", "The partition key of a table: none.", oidT),
	nothing("pg_get_partition_constraintdef", "The constraint of a partition: none.", oidT), nothing("pg_get_ruledef", "The definition of a rule: there are none.", oidT, boolT),
	nothing("pg_get_triggerdef", "The definition of a trigger: there are none.", oidT, boolT), nothing("pg_get_statisticsobjdef_columns", "The columns of extended statistics: there are none.", oidT),
	nothing("pg_tablespace_location", "The folder of a tablespace.", oidT),
	visibilities("pg_type_is_visible", "pg_function_is_visible", "pg_operator_is_visible", "pg_opclass_is_visible", "pg_opfamily_is_visible", "pg_collation_is_visible",
		"pg_conversion_is_visible", "pg_ts_config_is_visible", "pg_ts_dict_is_visible", "pg_statistics_obj_is_visible"),
	[]*Func{{Name: "pg_table_is_visible", Args: args(oidT), Ret: boolT, Vol: Stable, Doc: "Whether the search path finds a relation by its name alone.", Example: "pg_table_is_visible(0) → NULL",
		Kernel: rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			_, _, visible, ok := c.env().Catalog().RelationName(uint32(a[0].I))
			if !ok {
				return types.Null, nil
			}
			return types.NewBool(visible), nil
		})}})

// utf8Encoding is PostgreSQL's number of UTF8.
const utf8Encoding = 6

func noRelation(name []byte) error {
	return sqlerr.New(sqlerr.UndefinedTable, `relation "%s" does not exist`, name)
}

func formatType(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
	if a[0].Null {
		return types.Null, nil
	}
	if a[1].Null {
		if t, ok := types.ByOID(uint32(a[0].I)); ok {
			return types.NewText(types.Format(t)), nil
		}
	}
	mod := int32(-1)
	if !a[1].Null {
		mod = int32(a[1].I)
	}
	return types.NewText(types.FormatOID(uint32(a[0].I), mod)), nil
}

func definition(c *Ctx, kind DefinitionKind, oid uint32, sub int32) (types.Datum, error) {
	text, ok := c.env().Catalog().Definition(kind, oid, sub)
	if !ok {
		return types.Null, nil
	}
	return types.NewText(text), nil
}

// objDescription is the comment on an object of a relation of pg_catalog; functions have their documentation.
func objDescription(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
	in := "pg_class"
	if len(a) > 1 {
		in = string(a[1].B)
	}
	switch in {
	case "pg_class":
		return definition(c, RelationComment, uint32(a[0].I), 0)
	case "pg_namespace":
		return definition(c, SchemaComment, uint32(a[0].I), 0)
	case "pg_proc":
		if p := allFunctions.numbered(uint32(a[0].I)); p != nil {
			return types.NewText(p.Doc), nil
		}
	}
	return types.Null, nil
}

func serialSequence(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
	cat := c.env().Catalog()
	oid, ok := cat.ResolveRelation(string(a[0].B))
	if !ok {
		return types.Null, noRelation(a[0].B)
	}
	for n := int32(1); ; n++ {
		name, ok := cat.Definition(ColumnName, oid, n)
		if !ok {
			return types.Null, sqlerr.New(sqlerr.UndefinedColumn, `column "%s" of relation "%s" does not exist`, a[1].B, a[0].B)
		}
		if name == string(a[1].B) {
			return definition(c, ColumnSequence, oid, n)
		}
	}
}

// defined is the definition of the object that the first argument numbers.
func defined(kind DefinitionKind) Kernel {
	return rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
		return definition(c, kind, uint32(a[0].I), 0)
	})
}

func ofFunction(describe func(*Proc) string) Kernel {
	return rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
		if f := allFunctions.numbered(uint32(a[0].I)); f != nil {
			return types.NewText(describe(f)), nil
		}
		return types.Null, nil
	})
}

// toReg reads a name; an object that does not exist is null.
func toReg(id types.ID) Kernel {
	return rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
		d, err := c.values().ParseText(types.T(id), a[0].B)
		if err != nil {
			return types.Null, nil
		}
		return d, nil
	})
}

// nothing is a function about a kind of object that there is none of: always null.
func nothing(name, doc string, params ...types.Type) []*Func {
	optional := 0
	if last := params[len(params)-1]; last == boolT {
		optional = 1
	}
	example := name + "(NULL" + strings.Repeat(", NULL", len(params)-1) + ") → NULL"
	return []*Func{{Name: name, Args: params, Optional: optional, Ret: textT, Vol: Stable, Doc: doc, Example: example,
		Kernel: rowwise(func(*Ctx, []types.Datum, []types.Type) (types.Datum, error) { return types.Null, nil })}}
}

// visibilities are of kinds of objects that all stand in pg_catalog, which is always searched.
func visibilities(names ...string) []*Func {
	var fs []*Func
	for _, name := range names {
		fs = append(fs, &Func{Name: name, Args: args(oidT), Ret: boolT, Vol: Stable, Doc: "Whether the search path finds the object by its name alone.", Example: name + "(23) → true",
			Kernel: test1(func(int64) bool { return true })})
	}
	return fs
}
