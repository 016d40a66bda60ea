package expr_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// sessionEnv has one table, public.bid (OID 16400), with a comment; a sequence (16401); and the setting application_name.
type sessionEnv struct {
	noEnv
	settings map[string]string
}

func (e sessionEnv) Setting(name string) (string, bool) {
	v, ok := e.settings[name]
	return v, ok
}

func (e sessionEnv) SetSetting(name, value string, _ bool) error {
	if _, ok := e.settings[name]; !ok {
		return sqlerr.New(sqlerr.UndefinedObject, `unrecognized configuration parameter "%s"`, name)
	}
	e.settings[name] = value
	return nil
}

func (sessionEnv) Catalog() fn.Catalog { return &oneTable{} }

type oneTable struct {
	noCatalog
	last int64
}

func (*oneTable) RelationName(oid uint32) (schema, name string, visible, ok bool) {
	return "public", "bid", true, oid == 16400
}

func (*oneTable) ResolveRelation(text string) (uint32, bool) {
	return 16400, text == "bid" || text == "public.bid"
}

func (*oneTable) Definition(kind fn.DefinitionKind, oid uint32, sub int32) (string, bool) {
	text := map[fn.DefinitionKind]string{fn.RelationComment: "the bids", fn.RelationSize: "8192"}[kind]
	if kind == fn.ColumnComment && sub == 2 {
		text = "in cents"
	}
	return text, oid == 16400 && text != ""
}

func (c *oneTable) Sequence(op string, oid uint32, value int64) (int64, error) {
	switch op {
	case "nextval":
		c.last++
		return c.last, nil
	case "setval":
		return value, nil
	}
	return 0, sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "%s is not yet defined in this session", op)
}

// TestSystemFunctions: the answers that depend on a session and its catalog, which PostgreSQL cannot be asked for.
func TestSystemFunctions(t *testing.T) {
	for text, want := range map[string]string{
		"version()":                                "=PostgreSQL 15.0 (StreamDB test)",
		"current_user()":                           "=streamdb",
		"current_database()":                       "=streamdb",
		"current_schema()":                         "=public",
		"current_schemas(bool 't')":                "={public}",
		"pg_backend_pid()":                         "=42",
		"current_setting(text 'application_name')": "=psql",
		"current_setting(text 'nope')":             `ERROR 42704: unrecognized configuration parameter "nope"`,
		"current_setting(text 'nope', bool 't')":   "NULL",
		"set_config(text 'application_name', text 'x', bool 'f')": "=x",
		"set_config(text 'nope', text 'x', bool 'f')":             `ERROR 42704: unrecognized configuration parameter "nope"`,
		"to_regclass(text 'bid')":                                 "=16400",
		"to_regclass(text 'nope')":                                "NULL",
		"pg_table_is_visible(oid '16400')":                        "=t",
		"pg_table_is_visible(oid '1')":                            "NULL",
		"obj_description(oid '16400', name 'pg_class')":           "=the bids",
		"col_description(oid '16400', int4 '2')":                  "=in cents",
		"col_description(oid '16400', int4 '1')":                  "NULL",
		"pg_get_userbyid(oid '10')":                               "=streamdb",
		"pg_get_userbyid(oid '7')":                                "=unknown (OID=7)",
		"pg_get_viewdef(text 'nope', bool 't')":                   `ERROR 42P01: relation "nope" does not exist`,
		"pg_table_size((text 'bid')::regclass)":                   "=8192",
		"nextval((text 'bid')::regclass)":                         "=1",
		"setval((text 'bid')::regclass, int8 '42')":               "=42",
		"lastval()": "ERROR 55000: lastval is not yet defined in this session",
		"has_table_privilege(text 'bid', text 'SELECT')":                  "=t",
		"has_table_privilege(text 'nope', text 'SELECT')":                 `ERROR 42P01: relation "nope" does not exist`,
		"((text 'public.bid')::regclass)::text":                           "=bid",
		"(text 'nope')::regclass":                                         `ERROR 42P01: relation "nope" does not exist`,
		"now() = current_timestamp()":                                     "=t",
		"(now())::text":                                                   "=2026-01-02 04:04:05+01",
		"localtimestamp()":                                                "=2026-01-02 04:04:05",
		"date_trunc(text 'day', now())":                                   "=2026-01-01 23:00:00+00",
		"(timestamp '2026-07-01 12:00')::timestamptz":                     "=2026-07-01 10:00:00+00",
		"(timestamptz '2026-03-28 12:00+00' + interval '1 day')::text":    "=2026-03-29 13:00:00+02",
		"(timestamptz '2026-03-28 12:00+00' + interval '24 hours')::text": "=2026-03-29 14:00:00+02",
		"extract(text 'timezone', now())":                                 "=3600",
		"to_char(now(), text 'HH24:MI TZ OF')":                            "=04:04 CET +01",
	} {
		n, err := parseExpr(text)
		require.NoError(t, err)
		env := sessionEnv{settings: map[string]string{"server_version": "15.0 (StreamDB test)", "application_name": "psql",
			"TimeZone": "Europe/Paris", fn.BackendPID: "42"}}
		d, err := expr.Value(n, &expr.Ctx{Env: env})
		require.Equal(t, want, shown(n.Type(), d, err), text)
		if expr.Volatility(n) == fn.Immutable {
			t.Errorf("%s depends on the session", text)
		}
	}
	for _, nothing := range []string{"version()", "current_user()", "pg_table_is_visible(oid '1')", "nextval(regclass '1')", "now()"} {
		n, err := parseExpr(nothing)
		require.NoError(t, err)
		_, _ = expr.Value(n, &expr.Ctx{}) // without surroundings nothing panics
	}
}
