package slt

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// keptView is a view that stays until settle, to see that it is kept up to date.
type keptView struct {
	name, connection, query string
	line                    int
}

var (
	queryStart   = regexp.MustCompile(`(?i)^\s*(select|with|values|table|\()`)
	schemaChange = regexp.MustCompile(`(?i)(^|;)\s*(drop|alter)\s`)
)

// isQuery says whether SQL can stand behind CREATE VIEW … AS.
func isQuery(sql string) bool { return queryStart.MatchString(sql) }

// changesSchema says whether SQL may fail because views depend on what it takes away.
func changesSchema(sql string) bool { return schemaChange.MatchString(sql) }

// split gives the names of the answer's types.
func (a answer) split() []string {
	if a.types == "" {
		return nil
	}
	return strings.Split(a.types, ",")
}

// asView runs a record's query as a view of an execution model and says how its rows differ from the record's. The view
// stays if it is the query's first.
func (r *runner) asView(rec *record, columns int, model string) string {
	r.views++
	name := fmt.Sprintf("slt_view_%d", r.views)
	names := make([]string, columns)
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i+1) // a view's columns need distinct names, a query's do not
	}
	query := strings.TrimRight(strings.TrimSpace(rec.sql), ";")
	create := fmt.Sprintf("CREATE VIEW %s (%s) WITH (execution = '%s') AS %s", name, strings.Join(names, ", "), model, query)
	if a := r.ask(ask, rec.connection, create); a.err != nil {
		return "CREATE VIEW: " + errorText(a.err)
	}
	if model == r.models[0] {
		r.kept = append(r.kept, keptView{name, rec.connection, query, rec.header + 1})
	} else {
		defer r.ask(ask, rec.connection, "DROP VIEW "+name)
	}
	a := r.ask(askExtended, rec.connection, "SELECT * FROM "+name)
	unordered := *rec
	unordered.rowsort = true
	return unordered.check(a)
}

// settle compares all kept views with their queries and drops them.
func (r *runner) settle(file string) {
	for _, v := range r.kept {
		sorted := &record{kind: query, rowsort: true}
		view := r.ask(ask, v.connection, "SELECT * FROM "+v.name)
		adHoc := r.ask(ask, v.connection, v.query)
		fault := ""
		switch {
		case view.err != nil && adHoc.err == nil:
			fault = errorText(view.err)
		case view.err == nil && adHoc.err != nil:
			fault = "the view has an answer, its query fails: " + errorText(adHoc.err)
		case view.err == nil:
			fault = difference(view.shown(sorted), adHoc.shown(sorted))
		}
		if fault != "" {
			r.t.Errorf("%s:%d: view after changes, against its query: %s\n%s", file, v.line, fault, v.query)
		}
	}
	for _, v := range slices.Backward(r.kept) {
		if a := r.ask(ask, v.connection, "DROP VIEW "+v.name); a.err != nil {
			r.t.Errorf("%s:%d: DROP VIEW: %s", file, v.line, errorText(a.err))
		}
	}
	r.kept = nil
}
