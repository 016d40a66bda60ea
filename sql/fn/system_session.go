package fn

import (
	"context"
	"encoding/binary"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

var (
	nameT     = types.T(types.Name)
	oidT      = types.T(types.OID)
	regclassT = types.T(types.Regclass)
	regtypeT  = types.T(types.Regtype)
	voidT     = types.T(types.Void)
	nameArray = types.ArrayOf(nameT)
)

// sessionFuncs tell of the session and its settings.
var sessionFuncs = concat([]*Func{
	{Name: "version", Ret: textT, Vol: Stable, Doc: "The server's version.", Example: "length(version()) > 0 → true", Kernel: text0(func(c *Ctx, dst []byte) ([]byte, error) {
		v, _ := c.setting("server_version")
		return append(append(dst, "PostgreSQL "...), v...), nil
	})},
	{Name: "current_setting", Args: args(textT), Ret: textT, Vol: Stable, Doc: "The value of a setting.", Example: "current_setting('TimeZone') → UTC",
		Kernel: text1(func(c *Ctx, dst, name []byte) ([]byte, error) { return currentSetting(c, dst, name, false) })},
	{Name: "current_setting", Args: args(textT, boolT), Ret: textT, Vol: Stable, Doc: "The value of a setting; null for an unknown one, if so asked.",
		Example: "current_setting('no.such', true) → NULL", Kernel: text2(func(c *Ctx, dst, name []byte, missingOK uint8) ([]byte, error) {
			return currentSetting(c, dst, name, missingOK != 0)
		})},
	{Name: "set_config", Args: args(textT, textT, boolT), Ret: textT, Nulls: CalledOnNull, Vol: Volatile, Doc: "Sets a setting, for the transaction if so asked, and gives its value.",
		Example: "set_config('search_path', 'public', false) → public", Kernel: rowwise(setConfig)},
	{Name: "pg_backend_pid", Ret: int4T, Vol: Stable, Doc: "Number of the session.", Example: "pg_backend_pid() > 0 → true",
		Kernel: map0(func(c *Ctx) (int32, error) {
			text, _ := c.setting(BackendPID)
			n, _ := strconv.Atoi(text)
			return int32(n), nil
		})},
	{Name: "current_schema", Ret: nameT, Vol: Stable, Doc: "The first schema of the search path.", Example: "current_schema() → public",
		Kernel: text0(func(c *Ctx, dst []byte) ([]byte, error) {
			path := c.searchPath(false)
			if len(path) == 0 {
				return dst, errNull
			}
			return append(dst, path[0]...), nil
		})},
	{Name: "current_schemas", Args: args(boolT), Ret: nameArray, Vol: Stable, Doc: "The search path, with the implicit schemas if so asked.",
		Example: "current_schemas(false) → {public}", Kernel: rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			var names []types.Datum
			for _, s := range c.searchPath(a[0].Bool()) {
				names = append(names, types.NewText(s))
			}
			return types.ArrayDatum(nameT, types.NewArray(names)), nil
		})},
	{Name: "pg_typeof", Args: args(anyType), Ret: regtypeT, Nulls: CalledOnNull, Vol: Stable, Doc: "The type of a value.", Example: "pg_typeof(33) → integer",
		Kernel: rowwise(func(_ *Ctx, _ []types.Datum, ts []types.Type) (types.Datum, error) {
			return types.NewInt(int64(ts[0].OID())), nil
		})},
	{Name: "pg_is_in_recovery", Ret: boolT, Vol: Volatile, Doc: "Whether the server is a standby: never.", Example: "pg_is_in_recovery() → false",
		Kernel: map0(func(*Ctx) (uint8, error) { return 0, nil })},
	{Name: "txid_current", Ret: int8T, Vol: Stable, Doc: "Number of the transaction: its time in microseconds.", Example: "txid_current() > 0 → true",
		Kernel: map0(func(c *Ctx) (int64, error) { return c.now(), nil })},
	{Name: "pg_sleep", Args: args(float8T), Ret: voidT, Vol: Volatile, Doc: "Waits so many seconds.", Example: "pg_sleep(0) → ", Kernel: text1(sleep)},
	{Name: "gen_random_uuid", Ret: types.T(types.UUID), Vol: Volatile, Doc: "A random UUID (version 4).", Example: "gen_random_uuid() IS NOT NULL → true", Kernel: map0(randomUUID)},
	{Name: "num_nulls", Args: args(anyType), Variadic: true, Ret: int4T, Nulls: CalledOnNull, Doc: "How many arguments are null.", Example: "num_nulls(1, NULL, 2) → 1",
		Kernel: rowwise(countNulls(true))},
	{Name: "num_nonnulls", Args: args(anyType), Variadic: true, Ret: int4T, Nulls: CalledOnNull, Doc: "How many arguments are not null.", Example: "num_nonnulls(1, NULL, 2) → 2",
		Kernel: rowwise(countNulls(false))},
}, userFuncs("current_user", "session_user", "user", "current_role"), databaseFuncs("current_database", "current_catalog"))

// BackendPID is the name by which Env.Setting answers the number of the session; it is no setting that SHOW knows.
const BackendPID = "streamdb.backend_pid"

func (c *Ctx) setting(name string) (string, bool) {
	return c.env().Setting(name)
}

func (c *Ctx) searchPath(implicit bool) []string {
	return c.env().Catalog().SearchPath(implicit)
}

func userFuncs(names ...string) []*Func {
	return nameFuncs("Name of the user.", func(c *Ctx) string { return c.env().User() }, names)
}

func databaseFuncs(names ...string) []*Func {
	return nameFuncs("Name of the database.", func(c *Ctx) string { return c.env().Database() }, names)
}

func nameFuncs(doc string, value func(*Ctx) string, names []string) []*Func {
	var fs []*Func
	for _, name := range names {
		example := name + " → streamdb" // keywords, but for one
		if name == "current_database" {
			example = name + "() → streamdb"
		}
		fs = append(fs, &Func{Name: name, Ret: nameT, Vol: Stable, Doc: doc, Example: example,
			Kernel: text0(func(c *Ctx, dst []byte) ([]byte, error) { return append(dst, value(c)...), nil })})
	}
	return fs
}

func currentSetting(c *Ctx, dst, name []byte, missingOK bool) ([]byte, error) {
	v, ok := c.setting(string(name))
	switch {
	case ok:
		return append(dst, v...), nil
	case missingOK:
		return dst, errNull
	}
	return dst, sqlerr.New(sqlerr.UndefinedObject, `unrecognized configuration parameter "%s"`, name)
}

func setConfig(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
	if a[0].Null {
		return types.Null, sqlerr.New(sqlerr.NullValueNotAllowed, "SET requires parameter name")
	}
	name := string(a[0].B)
	if err := c.env().SetSetting(name, string(a[1].B), !a[2].Null && a[2].Bool()); err != nil {
		return types.Null, err
	}
	v, _ := c.env().Setting(name)
	return types.NewText(v), nil
}

// maxSleep, in seconds, is about what a duration can hold.
const maxSleep = 9e9

// sleep ends early when the Env is also a context (a statement's) that is done.
func sleep(c *Ctx, dst []byte, secs float64) ([]byte, error) {
	timer := time.NewTimer(time.Duration(min(max(secs, 0), maxSleep) * float64(time.Second)))
	defer timer.Stop()
	ctx, ok := c.env().(interface{ Context() context.Context })
	if !ok {
		<-timer.C
		return dst, nil
	}
	select {
	case <-timer.C:
		return dst, nil
	case <-ctx.Context().Done():
		return dst, sqlerr.From(ctx.Context().Err())
	}
}

func randomUUID(*Ctx) (types.Wide, error) {
	id, err := uuid.NewRandom()
	if err != nil {
		return types.Wide{}, sqlerr.Wrap(err, sqlerr.InternalError, "no random numbers")
	}
	return types.Wide{Hi: binary.BigEndian.Uint64(id[:8]), Lo: binary.BigEndian.Uint64(id[8:])}, nil
}

func countNulls(null bool) func(*Ctx, []types.Datum, []types.Type) (types.Datum, error) {
	return func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
		n := 0
		for _, d := range a {
			if d.Null == null {
				n++
			}
		}
		return types.NewInt(int64(n)), nil
	}
}

// signature is a function's parameters as pg_get_function_arguments prints them.
func signature(f *Proc) string {
	parts := make([]string, len(f.Args))
	for i, t := range f.Args {
		parts[i] = types.Format(t)
		if f.Variadic && i == len(f.Args)-1 {
			parts[i] = "VARIADIC " + parts[i]
		}
	}
	return strings.Join(parts, ", ")
}
