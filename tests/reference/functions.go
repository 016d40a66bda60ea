package reference

import (
	"cmp"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// entry is a function, operator or aggregate of one name and one meaning: overloads that differ in types alone share it.
type entry struct {
	name, doc, example string
	signatures         []string
}

// entries gathers overloads, in the order of names.
func entries[T any](all []T, of func(T) (name, signature, doc, example string)) []entry {
	var out []entry
	for _, x := range all {
		name, signature, doc, example := of(x)
		i := slices.IndexFunc(out, func(e entry) bool { return e.name == name && e.doc == doc })
		if i < 0 {
			i = len(out)
			out = append(out, entry{name: name, doc: doc, example: example})
		}
		out[i].signatures = append(out[i].signatures, signature)
	}
	slices.SortStableFunc(out, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	return out
}

func (p *page) entries(what string, list []entry) {
	var rows [][]string
	for _, e := range list {
		signatures := make([]string, len(e.signatures))
		for i, s := range e.signatures {
			signatures[i] = code(s)
		}
		rows = append(rows, []string{strings.Join(signatures, "<br>"), prose(e.doc), code(e.example)})
	}
	p.table([]string{what, "", "example"}, rows)
}

// functions is the page of functions, operators and aggregates.
func functions() string {
	var p page
	p.text.WriteString("# Functions and operators\n")
	p.paragraph("What PostgreSQL 15 calls by these names, with its answers. `go test ./tests/reference -rewrite` writes this page from `sql/fn`.\n" +
		"CASE, COALESCE, NULLIF, GREATEST, LEAST, EXTRACT, CAST and the like are syntax, as in PostgreSQL; window tables (TUMBLE, HOP, CUMULATE, SESSION)\n" +
		"are in [windows.md](../windows.md).")
	isSystem := func(f *fn.Func) bool {
		return slices.ContainsFunc([]string{"pg_", "_pg_", "has_"}, func(prefix string) bool { return strings.HasPrefix(f.Name, prefix) })
	}
	p.heading("Functions")
	p.entries("function", entries(slices.DeleteFunc(fn.Functions(), isSystem), function))
	p.heading("Operators")
	p.entries("operator", entries(fn.Operators(), operator))
	p.heading("Aggregates")
	p.paragraph("Every aggregate takes FILTER and may be called OVER a window; those whose answer depends on the order of rows take ORDER BY. In a view over rows that\n" +
		"change, those of the second table keep the rows of each group, in order.")
	keeps := func(a *fn.Aggregate) bool { return a.OrderSensitive || !a.Retractable }
	p.entries("aggregate", entries(slices.DeleteFunc(fn.Aggregates(), keeps), aggregate))
	p.entries("aggregate", entries(slices.DeleteFunc(fn.Aggregates(), func(a *fn.Aggregate) bool { return !keeps(a) }), aggregate))
	p.heading("Window functions")
	p.entries("function", entries(fn.Windows(), window))
	p.heading("Functions about the server")
	p.entries("function", entries(slices.DeleteFunc(fn.Functions(), func(f *fn.Func) bool { return !isSystem(f) }), function))
	return p.text.String()
}

func function(f *fn.Func) (name, signature, doc, example string) {
	ret := f.Ret.String()
	if f.Set {
		ret = "setof " + ret
	}
	args := parameters(f.Args, f.Optional)
	if f.Variadic {
		args = strings.Replace(args, f.Args[len(f.Args)-1].String(), "VARIADIC "+f.Args[len(f.Args)-1].String(), 1)
	}
	return f.Name, f.Name + "(" + args + ") → " + ret, f.Doc, f.Example
}

func operator(f *fn.Func) (name, signature, doc, example string) {
	signature = f.Name + " " + f.Args[0].String()
	if len(f.Args) == 2 {
		signature = f.Args[0].String() + " " + f.Name + " " + f.Args[1].String()
	}
	return f.Name, signature + " → " + f.Ret.String(), f.Doc, f.Example
}

func aggregate(a *fn.Aggregate) (name, signature, doc, example string) {
	args := parameters(a.Args, 0)
	switch {
	case a.OrderedSet:
		direct := parameters(a.Args[:len(a.Args)-1], 0)
		args = direct + ") WITHIN GROUP (ORDER BY " + a.Args[len(a.Args)-1].String()
	case len(a.Args) == 0:
		args = "*"
	}
	return a.Name, a.Name + "(" + args + ") → " + a.Ret.String(), a.Doc, a.Example
}

func window(w *fn.Window) (name, signature, doc, example string) {
	return w.Name, w.Name + "(" + parameters(w.Args, w.Optional) + ") → " + w.Ret.String(), w.Doc, w.Example
}

// parameters are the types of a call, with the last that may be left out in brackets.
func parameters(ts []types.Type, optional int) string {
	var b strings.Builder
	for i, t := range ts {
		if i >= len(ts)-optional {
			b.WriteString(" [")
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(t.String())
	}
	b.WriteString(strings.Repeat("]", optional))
	return strings.TrimSpace(b.String())
}
