package compat_test

import (
	"fmt"
	"strings"
)

// table is a table that random statements read and write.
type table struct {
	name    string
	columns []named
	// keyed tables have id as their primary key; others hold equal rows.
	keyed bool
}

type named struct {
	name string
	kind kind
}

// tables are two with a key, which share columns' names and kinds to join on, and one of duplicates.
var tables = []table{
	{"t1", []named{{"id", integer}, {"a", integer}, {"b", bigint}, {"s", text}, {"n", number}, {"ts", moment}, {"d", day}, {"f", truth}}, true},
	{"t2", []named{{"id", integer}, {"a", integer}, {"s", text}, {"ts", moment}}, true},
	{"t3", []named{{"a", integer}, {"s", text}, {"n", number}, {"f", truth}}, false},
}

// create is the table's definition.
func (t table) create() string {
	var cols []string
	for _, c := range t.columns {
		key := ""
		if t.keyed && c.name == "id" {
			key = " PRIMARY KEY"
		}
		cols = append(cols, c.name+" "+typeNames[c.kind]+key)
	}
	return fmt.Sprintf("CREATE TABLE %s (%s)", t.name, strings.Join(cols, ", "))
}

// scope are the table's columns as a statement upon it alone names them.
func (t table) scope() (out []column) {
	for _, c := range t.columns {
		out = append(out, column{sql: t.name + "." + c.name, kind: c.kind})
	}
	return out
}

// writer draws statements that write; ids are never used twice.
type writer struct {
	*grammar
	id int
}

// insert draws an INSERT of n rows.
func (w *writer) insert(t table, n int) string {
	rows := make([]string, n)
	for i := range rows {
		if !t.keyed && i > 0 && w.chance(40) {
			rows[i] = rows[i-1]
			continue
		}
		var vals []string
		for _, c := range t.columns {
			if c.name == "id" {
				w.id++
				vals = append(vals, fmt.Sprint(w.id%1000))
			} else {
				vals = append(vals, w.literal(c.kind))
			}
		}
		rows[i] = "(" + strings.Join(vals, ", ") + ")"
	}
	return fmt.Sprintf("INSERT INTO %s VALUES %s", t.name, strings.Join(rows, ", "))
}

// write draws a statement that changes a table.
func (w *writer) write() string {
	t := w.tables[w.IntN(len(w.tables))]
	scope := t.scope()
	switch w.IntN(8) {
	case 0, 1, 2:
		return w.insert(t, 1+w.IntN(6))
	case 3, 4:
		set := t.columns[1+w.IntN(len(t.columns)-1)]
		value := w.literal(set.kind)
		if w.chance(60) {
			value = w.expr(set.kind, scope, 1)
		}
		return fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s", t.name, set.name, value, w.condition(scope, 2))
	case 5:
		if t.keyed { // an upsert
			w.id -= w.IntN(5)
			return w.insert(t, 1) + fmt.Sprintf(" ON CONFLICT (id) DO UPDATE SET a = coalesce(%s.a, 0) + excluded.a", t.name)
		}
		return w.insert(t, 1+w.IntN(6))
	case 6:
		if w.chance(20) {
			return "DELETE FROM " + t.name
		}
	}
	return fmt.Sprintf("DELETE FROM %s WHERE %s", t.name, w.condition(scope, 2))
}
