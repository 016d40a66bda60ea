package system

import (
	"github.com/streamdb/streamdb/sql/types"
)

// namedConstraint is a constraint, or the NOT NULL of a column, which the standard has as a check.
type namedConstraint struct {
	named
	constraint string
	kind       string
	clause     string // of a check
	columns    []int
}

type standardConstraint = standard[namedConstraint]

// namedConstraints are the constraints that keep reports true of.
func namedConstraints(keep func(namedConstraint) bool) func(*scan, func(namedConstraint) error) error {
	return func(s *scan, emit func(namedConstraint) error) error {
		return withNames(kindTable)(s, func(n named) error {
			var list []namedConstraint
			for _, k := range constraintsOf(n.rel) {
				list = append(list, namedConstraint{n, k.name, k.standardType(), k.expr, k.columns})
			}
			for i, c := range n.rel.Visible() {
				if c.NotNull {
					list = append(list, namedConstraint{n, notNull(n.rel, i), "CHECK", columnList(n.rel, []int{i}) + " IS NOT NULL", []int{i}})
				}
			}
			for _, k := range list {
				if !keep(k) {
					continue
				}
				if err := emit(k); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func anyConstraint(namedConstraint) bool                { return true }
func isCheck(k namedConstraint) bool                    { return k.kind == "CHECK" }
func isKey(k namedConstraint) bool                      { return k.kind != "CHECK" }
func constraintName(x standardConstraint) types.Datum   { return str(x.of.constraint) }
func constraintSchema(x standardConstraint) types.Datum { return str(x.of.schemaName) }
func constraintTable(x standardConstraint) types.Datum  { return str(x.of.name) }

var schemaTableConstraints = table[standardConstraint]{
	oid: 13411, name: "table_constraints", view: true,
	columns: `constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name,
		table_name name, constraint_type character varying, is_deferrable character varying(3),
		initially_deferred character varying(3), enforced character varying(3), nulls_distinct character varying(3)`,
	rows: inStandard(namedConstraints(anyConstraint)),
	values: values[standardConstraint]{
		"constraint_catalog": inDatabase[namedConstraint], "constraint_schema": constraintSchema, "constraint_name": constraintName,
		"table_catalog": inDatabase[namedConstraint], "table_schema": constraintSchema, "table_name": constraintTable,
		"constraint_type":    func(x standardConstraint) types.Datum { return str(x.of.kind) },
		"is_deferrable":      always[standardConstraint](yesNo(false)),
		"initially_deferred": always[standardConstraint](yesNo(false)),
		"enforced":           always[standardConstraint](yesNo(true)),
		"nulls_distinct": func(x standardConstraint) types.Datum {
			if x.of.kind != "UNIQUE" {
				return types.Null
			}
			return yesNo(true)
		},
	},
}

var schemaCheckConstraints = table[standardConstraint]{
	oid: 13260, name: "check_constraints", view: true,
	columns: `constraint_catalog name, constraint_schema name, constraint_name name, check_clause character varying`,
	rows:    inStandard(namedConstraints(isCheck)),
	values: values[standardConstraint]{
		"constraint_catalog": inDatabase[namedConstraint], "constraint_schema": constraintSchema, "constraint_name": constraintName,
		"check_clause": func(x standardConstraint) types.Datum { return str(x.of.clause) },
	},
}

// Foreign keys are refused, so none refers to another.
var schemaReferentialConstraints = absent{
	oid: 13339, name: "referential_constraints", view: true,
	columns: `constraint_catalog name, constraint_schema name, constraint_name name, unique_constraint_catalog name,
		unique_constraint_schema name, unique_constraint_name name, match_option character varying, update_rule character varying,
		delete_rule character varying`,
}

var schemaConstraintTableUsage = table[standardConstraint]{
	oid: 13305, name: "constraint_table_usage", view: true,
	columns: `table_catalog name, table_schema name, table_name name, constraint_catalog name, constraint_schema name, constraint_name name`,
	rows:    inStandard(namedConstraints(isKey)),
	values: values[standardConstraint]{
		"constraint_catalog": inDatabase[namedConstraint], "constraint_schema": constraintSchema, "constraint_name": constraintName,
		"table_catalog": inDatabase[namedConstraint], "table_schema": constraintSchema, "table_name": constraintTable,
	},
}

// constrained is a column of a constraint, with its place there from 1.
type constrained struct {
	namedConstraint
	place int
}

type standardConstrained = standard[constrained]

func constrainedColumns(keep func(namedConstraint) bool) func(*scan, func(constrained) error) error {
	return func(s *scan, emit func(constrained) error) error {
		return namedConstraints(keep)(s, func(k namedConstraint) error {
			for i := range k.columns {
				if err := emit(constrained{k, i + 1}); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

var constrainedValues = values[standardConstrained]{
	"constraint_catalog": inDatabase[constrained],
	"constraint_schema":  func(x standardConstrained) types.Datum { return str(x.of.schemaName) },
	"constraint_name":    func(x standardConstrained) types.Datum { return str(x.of.constraint) },
	"table_catalog":      inDatabase[constrained],
	"table_schema":       func(x standardConstrained) types.Datum { return str(x.of.schemaName) },
	"table_name":         func(x standardConstrained) types.Datum { return str(x.of.name) },
	"column_name":        func(x standardConstrained) types.Datum { return str(x.of.rel.Columns[x.of.columns[x.of.place-1]].Name) },
}

var schemaKeyColumnUsage = table[standardConstrained]{
	oid: 13329, name: "key_column_usage", view: true,
	columns: `constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name,
		table_name name, column_name name, ordinal_position integer, position_in_unique_constraint integer`,
	rows:   inStandard(constrainedColumns(isKey)),
	values: constrainedValues.with("ordinal_position", func(x standardConstrained) types.Datum { return num(x.of.place) }),
}

var schemaConstraintColumnUsage = table[standardConstrained]{
	oid: 13300, name: "constraint_column_usage", view: true,
	columns: `table_catalog name, table_schema name, table_name name, column_name name, constraint_catalog name, constraint_schema name,
		constraint_name name`,
	rows:   inStandard(constrainedColumns(isKey)),
	values: constrainedValues,
}
