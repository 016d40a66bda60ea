package txn

import (
	"strings"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// checker tests rows of a relation against its NOT NULL and CHECK constraints.
type checker struct {
	meta   *catalog.Relation
	schema string
	checks []physical.Check
	eval   *rowMaker
}

func (t *Txn) newChecker(w *WriteSet, checks []physical.Check, params []types.Datum) (*checker, error) {
	c := &checker{meta: w.Meta, checks: checks}
	if s, ok := t.Catalog().SchemaByOID(w.Meta.Schema); ok {
		c.schema = s.Name
	}
	exprs := make([]physical.Expr, len(checks))
	for i, x := range checks {
		exprs[i] = x.Expr
	}
	var err error
	c.eval, err = t.newRowMaker(exprs, params)
	return c, err
}

// rowError is an error that is about one row of a batch.
type rowError struct {
	row int
	err *sqlerr.Error
}

func (e *rowError) Error() string { return e.err.Error() }

// Unwrap gives the error that a client sees.
func (e *rowError) Unwrap() error { return e.err }

// check tests all rows of b. Its error is a *rowError.
func (c *checker) check(b *vec.Batch) error {
	for i, col := range c.meta.Columns {
		if !col.NotNull || !b.Cols[i].HasNulls() {
			continue
		}
		for k := range b.Rows() {
			if row := b.Row(k); b.Cols[i].IsNull(row) {
				return &rowError{row, sqlerr.New(sqlerr.NotNullViolation, "null value in column %q of relation %q violates not-null constraint", col.Name, c.meta.Name).
					WithDetail("Failing row contains %s.", rowText(b, row)).OnTable(c.schema, c.meta.Name).OnColumn(col.Name)}
			}
		}
	}
	for i, x := range c.checks {
		bad, err := c.eval.isFalse(i, b)
		if err != nil {
			return err
		}
		if len(bad) > 0 {
			return &rowError{int(bad[0]), sqlerr.New(sqlerr.CheckViolation, "new row for relation %q violates check constraint %q", c.meta.Name, x.Name).
				WithDetail("Failing row contains %s.", rowText(b, int(bad[0]))).OnTable(c.schema, c.meta.Name).OnConstraint(x.Name)}
		}
	}
	return nil
}

// duplicate is the error of a key that is there already.
func (c *checker) duplicate(k *catalog.Key, b *vec.Batch, row int) error {
	names := make([]string, len(k.Columns))
	values := make([]string, len(k.Columns))
	for i, col := range k.Columns {
		names[i] = c.meta.Columns[col].Name
		values[i] = valueText(b.Cols[col], row)
	}
	return &rowError{row, sqlerr.New(sqlerr.UniqueViolation, "duplicate key value violates unique constraint %q", k.Name).
		WithDetail("Key (%s)=(%s) already exists.", strings.Join(names, ", "), strings.Join(values, ", ")).
		OnTable(c.schema, c.meta.Name).OnConstraint(k.Name)}
}

// rowText is a row as PostgreSQL's details show it.
func rowText(b *vec.Batch, row int) string {
	values := make([]string, len(b.Cols))
	for i, c := range b.Cols {
		values[i] = clip(valueText(c, row))
	}
	return "(" + strings.Join(values, ", ") + ")"
}

// maxDetail is how much of a value a row's detail shows, as in PostgreSQL.
const maxDetail = 64

func clip(text string) string {
	if len(text) <= maxDetail {
		return text
	}
	return strings.ToValidUTF8(text[:maxDetail], "") + "..."
}

func valueText(v *vec.Vector, row int) string {
	if v.IsNull(row) {
		return "null"
	}
	return string(types.AppendText(nil, v.Type, v.Datum(row)))
}
