package fn

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

var aclT = types.T(types.ACLItem)

// ServerStart is the name by which Env.Setting answers when the server was started, in microseconds since 1970; it is no setting that
// SHOW knows.
const ServerStart = "streamdb.server_start"

// serverFuncs are what administration tools ask of a server and its storage.
var serverFuncs = concat([]*Func{
	{Name: "pg_postmaster_start_time", Ret: timestamptzT, Vol: Stable, Doc: "When the server was started.", Example: "pg_postmaster_start_time() <= now() → true", Kernel: map0(serverStart)},
	{Name: "pg_conf_load_time", Ret: timestamptzT, Vol: Stable, Doc: "When the configuration was read: when the server was started.", Example: "pg_conf_load_time() <= now() → true", Kernel: map0(serverStart)},
	{Name: "pg_relation_filenode", Args: args(regclassT), Ret: oidT, Vol: Stable, Doc: "The file of a relation: they share one store.", Example: "pg_relation_filenode('t') → NULL",
		Kernel: rowwise(func(*Ctx, []types.Datum, []types.Type) (types.Datum, error) { return types.Null, nil })},
	{Name: "pg_trigger_depth", Ret: int4T, Vol: Stable, Doc: "How deep in triggers the statement is: there are none.", Example: "pg_trigger_depth() → 0",
		Kernel: map0(func(*Ctx) (int32, error) { return 0, nil })},
	{Name: "age", Args: args(types.T(types.XID)), Ret: int4T, Vol: Stable, Doc: "How many transactions ago one was: its number tells nothing here.", Example: "age('1'::xid) → 0",
		Kernel: rowwise(func(*Ctx, []types.Datum, []types.Type) (types.Datum, error) { return types.NewInt(0), nil })},
	{Name: "acldefault", Args: args(types.T(types.Char), oidT), Ret: types.ArrayOf(aclT), Vol: Stable, Doc: "The privileges that an object of a kind has by itself.",
		Example: "acldefault('r', 10) → {streamdb=arwdDxt/streamdb}", Kernel: rowwise(aclDefault)},
}, statistics("pg_stat_get_numscans", "pg_stat_get_tuples_returned", "pg_stat_get_tuples_fetched", "pg_stat_get_tuples_inserted", "pg_stat_get_tuples_updated",
	"pg_stat_get_tuples_deleted", "pg_stat_get_live_tuples", "pg_stat_get_dead_tuples", "pg_stat_get_blocks_fetched", "pg_stat_get_blocks_hit"))

func serverStart(c *Ctx) (int64, error) {
	text, ok := c.setting(ServerStart)
	if !ok {
		return 0, errNull
	}
	return strconv.ParseInt(text, 10, 64)
}

// statistics are counters that are not kept.
func statistics(names ...string) []*Func {
	var fs []*Func
	for _, name := range names {
		fs = append(fs, &Func{Name: name, Args: args(oidT), Ret: int8T, Vol: Stable, Doc: "A counter of a relation's use, which is not kept.", Example: name + "(0) → 0",
			Kernel: rowwise(func(*Ctx, []types.Datum, []types.Type) (types.Datum, error) { return types.NewInt(0), nil })})
	}
	return fs
}

// aclKinds are, for each kind of object, the privileges of everybody and of the owner (PostgreSQL's acldefault).
var aclKinds = map[byte][2]string{'c': {}, 'r': {"", "arwdDxt"}, 's': {"", "rwU"}, 'd': {"Tc", "CTc"}, 'f': {"X", "X"}, 'l': {"U", "U"}, 'L': {"", "rw"}, 'n': {"", "UC"},
	'p': {}, 't': {"", "C"}, 'F': {"", "U"}, 'S': {"", "U"}, 'T': {"U", "U"}}

func aclDefault(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
	kind := byte(0)
	if len(a[0].B) == 1 {
		kind = a[0].B[0]
	}
	rights, ok := aclKinds[kind]
	if !ok {
		return types.Null, sqlerr.New(sqlerr.InvalidParameterValue, "unrecognized object type abbreviation: %s", a[0].B)
	}
	owner := quoteIdent(c.env().User())
	if a[1].I != OwnerOID {
		owner = strconv.FormatInt(a[1].I, 10)
	}
	var items []types.Datum
	for i, who := range []string{"", owner} {
		if rights[i] != "" {
			items = append(items, types.NewText(who+"="+rights[i]+"/"+owner))
		}
	}
	return types.ArrayDatum(aclT, types.NewArray(items)), nil
}
