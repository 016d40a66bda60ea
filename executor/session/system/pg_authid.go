package system

import (
	"github.com/streamdb/streamdb/sql/fn"
)

// theRole makes a row of the one role, which owns everything and may do everything.
func theRole(s *scan, emit func(string) error) error { return emit(s.env.User()) }

var pgAuthid = table[string]{
	oid: 1260, name: "pg_authid",
	columns: `oid oid!, rolname name!, rolsuper boolean!, rolinherit boolean!, rolcreaterole boolean!, rolcreatedb boolean!,
		rolcanlogin boolean!, rolreplication boolean!, rolbypassrls boolean!, rolconnlimit integer!, rolpassword text,
		rolvaliduntil timestamp with time zone`,
	rows:   theRole,
	values: roleValues,
}

var pgRoles = table[string]{
	oid: 12000, name: "pg_roles", view: true,
	columns: `rolname name, rolsuper boolean, rolinherit boolean, rolcreaterole boolean, rolcreatedb boolean, rolcanlogin boolean,
		rolreplication boolean, rolconnlimit integer, rolpassword text, rolvaliduntil timestamp with time zone, rolbypassrls boolean,
		rolconfig text[], oid oid`,
	rows:   theRole,
	values: roleValues.with("rolpassword", always[string](str("********"))),
}

var pgUser = table[string]{
	oid: 12014, name: "pg_user", view: true,
	columns: `usename name, usesysid oid, usecreatedb boolean, usesuper boolean, userepl boolean, usebypassrls boolean, passwd text,
		valuntil timestamp with time zone, useconfig text[]`,
	rows:   theRole,
	values: userValues.with("passwd", always[string](str("********"))),
}

var pgShadow = table[string]{
	oid: 12005, name: "pg_shadow", view: true,
	columns: `usename name, usesysid oid, usecreatedb boolean, usesuper boolean, userepl boolean, usebypassrls boolean, passwd text,
		valuntil timestamp with time zone, useconfig text[]`,
	rows:   theRole,
	values: userValues,
}

// roleValues are those of pg_authid and pg_roles; only the latter hides the password.
var roleValues = values[string]{
	"oid":            always[string](num(fn.OwnerOID)),
	"rolname":        str,
	"rolsuper":       always[string](flag(true)),
	"rolinherit":     always[string](flag(true)),
	"rolcreaterole":  always[string](flag(true)),
	"rolcreatedb":    always[string](flag(true)),
	"rolcanlogin":    always[string](flag(true)),
	"rolreplication": always[string](flag(true)),
	"rolbypassrls":   always[string](flag(true)),
	"rolconnlimit":   always[string](num(-1)),
}

// userValues are those of pg_shadow and pg_user; only the latter hides the password.
var userValues = values[string]{
	"usename":      str,
	"usesysid":     always[string](num(fn.OwnerOID)),
	"usecreatedb":  always[string](flag(true)),
	"usesuper":     always[string](flag(true)),
	"userepl":      always[string](flag(true)),
	"usebypassrls": always[string](flag(true)),
}
