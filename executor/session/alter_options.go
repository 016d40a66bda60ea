package session

import (
	"slices"
	"strings"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// setOptions is ALTER … SET (…): how a view or sink is executed, and how a stream's watermark moves and what it keeps, change while it runs.
// What is set already is no change.
func (s *Session) setOptions(r *catalog.Relation, a *ast.SetOptions) error {
	valid, err := alterable(r, a.Pos)
	if err != nil {
		return err
	}
	if err := onlyOptions(a.Options, "a "+r.Kind.String(), valid...); err != nil {
		return err
	}
	given, err := catalogOptions(a.Options)
	if err != nil {
		return err
	}
	options := slices.Clone(r.Options)
	for i, o := range given {
		if s.engine.db.SameOption(r, o) {
			continue
		}
		if err := fixed(r, o.Name, a.Options[i].Pos); err != nil {
			return err
		}
		options = append(without(options, o.Name), o)
	}
	r.Options = options
	switch r.Kind {
	case catalog.Stream:
		return streamOptions(a.Options, r)
	case catalog.Table:
		return nil
	}
	return viewOptions(a.Options)
}

// resetOptions is ALTER … RESET (…): options have their defaults again.
func (s *Session) resetOptions(r *catalog.Relation, a *ast.ResetOptions) error {
	valid, err := alterable(r, a.Pos)
	if err != nil {
		return err
	}
	options := slices.Clone(r.Options)
	for _, n := range a.Names {
		name := strings.ToLower(n.Name)
		if err := onlyOptions([]*ast.Option{{Pos: n.Pos, Name: name}}, "a "+r.Kind.String(), valid...); err != nil {
			return err
		}
		if _, given := r.Option(name); given {
			if err := fixed(r, name, n.Pos); err != nil {
				return err
			}
		}
		options = without(options, name)
	}
	r.Options = options
	if _, byClock := r.Option("idle_advance"); byClock {
		return needsIdleTimeout(r, a.Pos)
	}
	return nil
}

// alterable are the options of a relation that ALTER takes.
func alterable(r *catalog.Relation, pos int) ([]string, error) {
	switch r.Kind {
	case catalog.View:
		return database.ViewOptions, nil
	case catalog.Sink:
		return database.SinkOptions, nil
	case catalog.Stream:
		return database.StreamOptions, nil
	case catalog.Table:
		return tableOptions, nil
	}
	return nil, sqlerr.Unsupported("options of "+r.Kind.String()+" "+r.Name, "Streams, tables, views and sinks have options.").At(pos)
}

// fixed refuses to change what the plan of a running view has in it.
func fixed(r *catalog.Relation, option string, pos int) error {
	if r.Kind != catalog.Stream && (option == "allowed_lateness" || option == "ttl") {
		return sqlerr.Unsupported("changing "+option+" of a running view", "DROP and CREATE it with the other value.").At(pos)
	}
	return nil
}

func without(options []catalog.Option, name string) []catalog.Option {
	return slices.DeleteFunc(options, func(x catalog.Option) bool { return x.Name == name })
}
