package slt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// answer is what a system answered to some SQL: to its last statement, if it is several.
type answer struct {
	types string // names of the columns' types
	rows  [][]string
	count int64
	err   *pgconn.PgError
}

// ask runs SQL by the simple protocol. An error that is no answer (a broken connection, a time-out) is returned as such.
func ask(ctx context.Context, c *pgconn.PgConn, sql string) (a answer, err error) {
	results := c.Exec(ctx, sql)
	for results.NextResult() {
		a = read(results.ResultReader())
	}
	return a.failed(results.Close())
}

// askExtended runs one statement by the extended protocol.
func askExtended(ctx context.Context, c *pgconn.PgConn, sql string) (answer, error) {
	reader := c.ExecParams(ctx, sql, nil, nil, nil, nil)
	a := read(reader)
	_, err := reader.Close()
	return a.failed(err)
}

// read takes all rows of a result. Columns are described also where there is no row.
func read(r *pgconn.ResultReader) (a answer) {
	for r.NextRow() {
		texts := make([]string, len(r.Values()))
		for i, v := range r.Values() {
			texts[i] = valueText(v)
		}
		a.rows = append(a.rows, texts)
	}
	names := make([]string, 0, len(r.FieldDescriptions()))
	for _, f := range r.FieldDescriptions() {
		names = append(names, typeName(f.DataTypeOID))
	}
	a.types = strings.Join(names, ",")
	tag, _ := r.Close() // the error comes again when all results are closed
	a.count = tag.RowsAffected()
	return a
}

func (a answer) failed(err error) (answer, error) {
	if err == nil {
		return a, nil
	}
	if errors.As(err, &a.err) {
		return a, nil
	}
	return a, err
}

// firstUserOID is where OIDs of objects that users make begin, in PostgreSQL and here.
const firstUserOID = 16384

var typeMap = pgtype.NewMap()

func typeName(oid uint32) string {
	if t, ok := typeMap.TypeForOID(oid); ok {
		return t.Name
	}
	if oid >= firstUserOID {
		return "row" // of a table; its OID differs from run to run
	}
	return fmt.Sprint(oid)
}

func valueText(v []byte) string {
	switch {
	case v == nil:
		return "NULL"
	case len(v) == 0:
		return "(empty)"
	}
	return strings.ReplaceAll(string(v), "\n", `\n`)
}

// shown gives the answer's rows as the record's file has them.
func (a answer) shown(r *record) []string {
	lines := make([]string, 0, len(a.rows))
	for _, row := range a.rows {
		row = slices.Clone(row)
		for _, c := range r.hide {
			if c < len(row) {
				row[c] = "*"
			}
		}
		lines = append(lines, strings.Join(row, "|"))
	}
	if r.rowsort {
		slices.Sort(lines)
	}
	return lines
}

// check compares an answer with what the record says; "" is agreement.
func (r *record) check(a answer) string {
	switch {
	case r.kind == statementError && a.err == nil:
		return fmt.Sprintf("succeeded, error %s expected", r.code)
	case r.kind == statementError && a.err.Code != r.code:
		return fmt.Sprintf("%s\nerror %s expected", errorText(a.err), r.code)
	case r.kind == statementError && r.message != nil && !r.message.MatchString(a.err.Message):
		return fmt.Sprintf("%s\nmessage %q expected", errorText(a.err), r.message)
	case r.kind == statementError:
		return ""
	case a.err != nil:
		return errorText(a.err)
	case r.kind == statementCount && a.count != r.count:
		return fmt.Sprintf("%d rows, %d expected", a.count, r.count)
	case r.kind == query && a.types != r.types:
		return fmt.Sprintf("types %s, %s expected", a.types, r.types)
	case r.kind == query:
		want := slices.Clone(r.rows)
		if r.rowsort {
			slices.Sort(want)
		}
		return difference(a.shown(r), want)
	}
	return ""
}

// difference describes how two lists of rows differ; "" is not at all.
func difference(got, want []string) string {
	if slices.Equal(got, want) {
		return ""
	}
	return fmt.Sprintf("rows:\n%s\nexpected:\n%s", indent(got), indent(want))
}

func indent(lines []string) string {
	if len(lines) == 0 {
		return "    (none)"
	}
	return "    " + strings.Join(lines, "\n    ")
}

func errorText(e *pgconn.PgError) string {
	text := fmt.Sprintf("ERROR %s: %s", e.Code, e.Message)
	if e.Detail != "" {
		text += "\nDETAIL: " + e.Detail
	}
	if e.Hint != "" {
		text += "\nHINT: " + e.Hint
	}
	return text
}
