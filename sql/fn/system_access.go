package fn

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
)

// accessFuncs ask for privileges, of which the one user has all; sizes; and sequences.
var accessFuncs = concat(privileges("has_table_privilege", true), privileges("has_any_column_privilege", true), privileges("has_sequence_privilege", true),
	privileges("has_schema_privilege", false), privileges("has_database_privilege", false), privileges("has_function_privilege", false),
	privileges("has_type_privilege", false), privileges("has_tablespace_privilege", false), privileges("has_language_privilege", false),
	privileges("has_server_privilege", false), privileges("has_foreign_data_wrapper_privilege", false), columnPrivileges(), roleFuncs(),
	sizes("pg_table_size", "pg_relation_size", "pg_total_relation_size"),
	[]*Func{
		{Name: "pg_indexes_size", Args: args(regclassT), Ret: int8T, Vol: Volatile, Doc: "Bytes of a relation's indexes, which count as the relation's.", Example: "pg_indexes_size('t') → 0",
			Kernel: map1(pure(func(int64) int64 { return 0 }))},
		{Name: "pg_database_size", Args: args(nameT), Ret: int8T, Vol: Volatile, Doc: "Bytes that the database takes.", Example: "pg_database_size('streamdb') >= 0 → true", Kernel: databaseSize},
		{Name: "pg_database_size", Args: args(oidT), Ret: int8T, Vol: Volatile, Doc: "Bytes that the database takes.", Example: "pg_database_size(1) >= 0 → true", Kernel: databaseSize},
		{Name: "pg_tablespace_size", Args: args(nameT), Ret: int8T, Vol: Volatile, Doc: "Bytes that the database takes.", Example: "pg_tablespace_size('pg_default') >= 0 → true", Kernel: databaseSize},
		{Name: "pg_tablespace_size", Args: args(oidT), Ret: int8T, Vol: Volatile, Doc: "Bytes that the database takes.", Example: "pg_tablespace_size(1663) >= 0 → true", Kernel: databaseSize},
		{Name: "pg_size_pretty", Args: args(int8T), Ret: textT, Doc: "A size in a readable unit.", Example: "pg_size_pretty(1000::int8) → 1000 bytes",
			Kernel: text1(func(_ *Ctx, dst []byte, n int64) ([]byte, error) { return appendSize(dst, n), nil })},
		{Name: "pg_size_pretty", Args: numericOne, Ret: textT, Doc: "A size in a readable unit.", Example: "pg_size_pretty(1000.0) → 1000.0 bytes",
			Kernel: rowwise(func(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
				d := toDecimal(ts[0], a[0])
				if d.Abs().Cmp(decimal.FromInt(10*1024)) < 0 {
					return types.NewText(d.String() + " bytes"), nil
				}
				n, err := d.ToInt(width8.min, width8.max, "bigint")
				return types.NewBytes(appendSize(nil, n)), err
			})},
		{Name: "nextval", Args: args(regclassT), Ret: int8T, Vol: Volatile, Doc: "Advances a sequence and gives its value.", Example: "nextval('s') → 1", Kernel: sequence("nextval")},
		{Name: "currval", Args: args(regclassT), Ret: int8T, Vol: Volatile, Doc: "The value that nextval last gave in the session.", Example: "currval('s') → 1", Kernel: sequence("currval")},
		{Name: "lastval", Ret: int8T, Vol: Volatile, Doc: "The value that nextval last gave in the session, of any sequence.", Example: "lastval() → 1", Kernel: sequence("lastval")},
		{Name: "setval", Args: args(regclassT, int8T), Ret: int8T, Vol: Volatile, Doc: "Sets a sequence's last value.", Example: "setval('s', 42) → 42", Kernel: sequence("setval")},
		{Name: "setval", Args: args(regclassT, int8T, boolT), Ret: int8T, Vol: Volatile, Doc: "Sets a sequence's last value, or with false its next one.", Example: "setval('s', 42, false) → 42",
			Kernel: sequence("setval")},
	})

// privileges are the forms of a has_…_privilege function: for the current user or another, of an object by name or OID.
func privileges(name string, relation bool) []*Func {
	var fs []*Func
	for _, user := range [][]types.Type{nil, {nameT}, {oidT}} {
		for _, object := range []types.Type{textT, oidT} {
			params := append(append([]types.Type(nil), user...), object, textT)
			at := len(user)
			fs = append(fs, &Func{Name: name, Args: params, Ret: boolT, Vol: Stable, Doc: "Whether a user has a privilege on an object.", Example: name + "('x', 'y') → true",
				Kernel: rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
					return hasPrivilege(c, a[at], object, relation)
				})})
		}
	}
	return fs
}

// hasPrivilege is true of what exists. A relation named that does not exist is an error, one numbered gives null.
func hasPrivilege(c *Ctx, object types.Datum, t types.Type, relation bool) (types.Datum, error) {
	if relation && t == textT {
		if _, ok := c.env().Catalog().ResolveRelation(string(object.B)); !ok {
			return types.Null, noRelation(object.B)
		}
	}
	return types.NewBool(true), nil
}

func columnPrivileges() []*Func {
	var fs []*Func
	for _, user := range [][]types.Type{nil, {nameT}, {oidT}} {
		for _, object := range []types.Type{textT, oidT} {
			for _, column := range []types.Type{textT, int2T} {
				params := append(append([]types.Type(nil), user...), object, column, textT)
				at := len(user)
				fs = append(fs, &Func{Name: "has_column_privilege", Args: params, Ret: boolT, Vol: Stable, Doc: "Whether a user has a privilege on a column.",
					Example: "has_column_privilege('t', 'c', 'SELECT') → true",
					Kernel: rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
						return hasPrivilege(c, a[at], object, true)
					})})
			}
		}
	}
	return fs
}

func roleFuncs() []*Func {
	var fs []*Func
	yes := rowwise(func(*Ctx, []types.Datum, []types.Type) (types.Datum, error) { return types.NewBool(true), nil })
	for _, params := range [][]types.Type{{nameT, textT}, {oidT, textT}, {nameT, nameT, textT}, {nameT, oidT, textT}, {oidT, nameT, textT}, {oidT, oidT, textT}} {
		fs = append(fs, &Func{Name: "pg_has_role", Args: params, Ret: boolT, Vol: Stable, Doc: "Whether a user is a member of a role.", Example: "pg_has_role('streamdb', 'USAGE') → true", Kernel: yes})
	}
	return fs
}

// sizes are what the catalog says of a relation's bytes.
func sizes(names ...string) []*Func {
	var fs []*Func
	kernel := rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
		return relationSize(c, uint32(a[0].I))
	})
	for _, name := range names {
		fs = append(fs, &Func{Name: name, Args: args(regclassT), Ret: int8T, Vol: Volatile, Doc: "Bytes that a relation takes.", Example: name + "('t') → 0", Kernel: kernel})
	}
	return append(fs, &Func{Name: "pg_relation_size", Args: args(regclassT, textT), Ret: int8T, Vol: Volatile, Doc: "Bytes that a relation takes.", Example: "pg_relation_size('t', 'main') → 0",
		Kernel: kernel})
}

// databaseSize is the size of relation 0: all of them.
var databaseSize = rowwise(func(c *Ctx, _ []types.Datum, _ []types.Type) (types.Datum, error) { return relationSize(c, 0) })

func relationSize(c *Ctx, oid uint32) (types.Datum, error) {
	text, ok := c.env().Catalog().Definition(RelationSize, oid, 0)
	if !ok {
		return types.Null, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return types.Null, sqlerr.Internal("the size of relation %d is no number", oid)
	}
	return types.NewInt(n), nil
}

// appendSize is pg_size_pretty: a unit is left only from ten of the next on, and halves are rounded away from zero.
func appendSize(dst []byte, n int64) []byte {
	units := []string{"bytes", "kB", "MB", "GB", "TB", "PB"}
	limit := int64(10 * 1024)
	half := false // from the second unit on n is kept doubled, for rounding
	for k, unit := range units {
		if half {
			limit = 20*1024 - 1
		}
		if max(n, -n) < limit || k == len(units)-1 {
			if half {
				n = halfRounded(n)
			}
			return append(append(strconv.AppendInt(dst, n, 10), ' '), unit...)
		}
		if half {
			n /= 1024
		} else {
			n /= 512
		}
		half = true
	}
	return dst
}

func halfRounded(n int64) int64 {
	if n < 0 {
		return (n - 1) / 2
	}
	return (n + 1) / 2
}

// sequence calls the catalog. setval with false sets what nextval will give.
func sequence(op string) Kernel {
	return rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
		var oid uint32
		var value int64
		name := op
		if len(a) > 0 {
			oid = uint32(a[0].I)
		}
		if len(a) > 1 {
			value = a[1].I
		}
		if len(a) > 2 && !a[2].Bool() {
			name = "setnext"
		}
		v, err := c.env().Catalog().Sequence(name, oid, value)
		return types.NewInt(v), err
	})
}
