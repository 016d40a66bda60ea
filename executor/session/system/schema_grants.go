package system

import (
	"github.com/streamdb/streamdb/sql/types"
)

// privilege is something that the one role may do with a relation: everything, even where the relation then refuses.
type privilege struct {
	named
	verb string
}

type standardPrivilege = standard[privilege]

func tablePrivileges(s *scan, emit func(privilege) error) error {
	return withNames(shown...)(s, func(n named) error {
		for _, verb := range []string{"INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"} {
			if err := emit(privilege{n, verb}); err != nil {
				return err
			}
		}
		return nil
	})
}

var tablePrivilegeValues = values[standardPrivilege]{
	"grantor": byUser[privilege], "grantee": byUser[privilege], "table_catalog": inDatabase[privilege],
	"table_schema":   func(x standardPrivilege) types.Datum { return str(x.of.schemaName) },
	"table_name":     func(x standardPrivilege) types.Datum { return str(x.of.name) },
	"privilege_type": func(x standardPrivilege) types.Datum { return str(x.of.verb) },
	"is_grantable":   always[standardPrivilege](yesNo(true)),
	"with_hierarchy": func(x standardPrivilege) types.Datum { return yesNo(x.of.verb == "SELECT") },
}

var (
	schemaTablePrivileges = table[standardPrivilege]{
		oid: 13416, name: "table_privileges", view: true,
		columns: `grantor name, grantee name, table_catalog name, table_schema name, table_name name, privilege_type character varying,
			is_grantable character varying(3), with_hierarchy character varying(3)`,
		rows: inStandard(tablePrivileges), values: tablePrivilegeValues,
	}
	schemaRoleTableGrants = table[standardPrivilege]{
		oid: 13421, name: "role_table_grants", view: true,
		columns: `grantor name, grantee name, table_catalog name, table_schema name, table_name name, privilege_type character varying,
			is_grantable character varying(3), with_hierarchy character varying(3)`,
		rows: inStandard(tablePrivileges), values: tablePrivilegeValues,
	}
)

// columnPrivilege is a privilege on a column.
type columnPrivilege struct {
	namedColumn
	verb string
}

type standardColumnPrivilege = standard[columnPrivilege]

var schemaColumnPrivileges = table[standardColumnPrivilege]{
	oid: 13285, name: "column_privileges", view: true,
	columns: `grantor name, grantee name, table_catalog name, table_schema name, table_name name, column_name name,
		privilege_type character varying, is_grantable character varying(3)`,
	rows: inStandard(func(s *scan, emit func(columnPrivilege) error) error {
		return namedColumns(shown...)(s, func(c namedColumn) error {
			for _, verb := range []string{"INSERT", "SELECT", "UPDATE", "REFERENCES"} {
				if err := emit(columnPrivilege{c, verb}); err != nil {
					return err
				}
			}
			return nil
		})
	}),
	values: values[standardColumnPrivilege]{
		"grantor": byUser[columnPrivilege], "grantee": byUser[columnPrivilege], "table_catalog": inDatabase[columnPrivilege],
		"table_schema":   func(x standardColumnPrivilege) types.Datum { return str(x.of.schemaName) },
		"table_name":     func(x standardColumnPrivilege) types.Datum { return str(x.of.name) },
		"column_name":    func(x standardColumnPrivilege) types.Datum { return str(x.of.Name) },
		"privilege_type": func(x standardColumnPrivilege) types.Datum { return str(x.of.verb) },
		"is_grantable":   always[standardColumnPrivilege](yesNo(true)),
	},
}
