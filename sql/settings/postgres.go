package settings

import (
	"slices"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// postgres are settings of PostgreSQL 15 that mean nothing to StreamDB: clients set and show them, and that is all. A value that
// would change the meaning of a statement, were it heeded, is refused.
var postgres = slices.Concat([]Setting{
	{Name: "bytea_output", Kind: Enum, Default: "hex", Values: []string{"hex"}, Context: User, Category: catClient, Doc: "Sets the output format for bytea."},
	{Name: "role", Kind: String, Default: "none", Context: User, Category: catClient, Doc: "Sets the current role.", Canonical: role},
}, postgresClients, postgresQuery, postgresLogging, postgresWAL, postgresServer)

// category puts settings under one of pg_settings' headings.
func category(name string, list []Setting) []Setting {
	for i := range list {
		list[i].Category = name
	}
	return list
}

// role accepts the one role.
func role(v string) (string, error) {
	if v != "none" && v != "streamdb" {
		return "", sqlerr.New(sqlerr.InvalidParameterValue, "role %q does not exist", v)
	}
	return v, nil
}
