package session

import (
	"slices"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// catalogOptions are the options of WITH as the catalog keeps them.
func catalogOptions(list []*ast.Option) ([]catalog.Option, error) {
	var out []catalog.Option
	for _, o := range list {
		name := strings.ToLower(o.Name)
		if slices.ContainsFunc(out, func(x catalog.Option) bool { return x.Name == name }) {
			return nil, sqlerr.New(sqlerr.InvalidParameterValue, "option %q is given twice", o.Name).At(o.Pos)
		}
		value := o.Value.Text
		if o.Value.Kind == ast.ValueNone {
			value = "true"
		}
		out = append(out, catalog.Option{Name: name, Value: value})
	}
	return out, nil
}

// tableOptions are PostgreSQL's storage parameters that dumps and tools give; nothing here depends on them.
var tableOptions = []string{"fillfactor", "autovacuum_enabled"}

// onlyOptions refuses options that are not among those that what has.
func onlyOptions(list []*ast.Option, what string, valid ...string) error {
	for _, o := range list {
		if !slices.Contains(valid, strings.ToLower(o.Name)) {
			return sqlerr.New(sqlerr.InvalidParameterValue, "unknown option %q for %s", o.Name, what).
				WithHint("Valid options: %s.", strings.Join(valid, ", ")).At(o.Pos)
		}
	}
	return nil
}

// streamOptions checks options of a stream that are StreamDB's own. r has them already.
func streamOptions(list []*ast.Option, r *catalog.Relation) error {
	for _, o := range list {
		if slices.Contains(database.TimeOptions, strings.ToLower(o.Name)) && r.Watermark == nil {
			return sqlerr.New(sqlerr.InvalidParameterValue, "option %q needs a watermark", o.Name).
				WithHint("Declare one: WATERMARK FOR column AS column - INTERVAL '5 seconds'.").At(o.Pos)
		}
		switch name := strings.ToLower(o.Name); name {
		case "retention":
			d, err := (*types.Env)(nil).ParseText(types.T(types.Interval), []byte(o.Value.Text))
			if err != nil {
				return sqlerr.From(err).At(o.Value.Pos)
			}
			if months, days, micros := d.W.Interval(); months < 0 || days < 0 || micros < 0 || d.W == (types.Wide{}) {
				return sqlerr.New(sqlerr.InvalidParameterValue, "retention must be positive, not %q", o.Value.Text).At(o.Value.Pos)
			}
		case "idle_timeout", "max_ahead", "alignment_limit":
			d, err := parseInterval(o.Value.Text)
			if err != nil {
				return sqlerr.From(err).At(o.Value.Pos)
			}
			if d == 0 && name != "alignment_limit" { // 0 turns that off
				return sqlerr.New(sqlerr.InvalidParameterValue, "%s must be positive, not %q", name, o.Value.Text).At(o.Value.Pos)
			}
		case "idle_advance":
			if err := needsIdleTimeout(r, o.Pos); err != nil {
				return err
			}
			if !strings.EqualFold(o.Value.Text, database.ByClock) {
				return sqlerr.New(sqlerr.InvalidParameterValue, "invalid value for option %q: %q", o.Name, o.Value.Text).
					WithHint("The only value is clock; left out, an idle stream's watermark waits at the highest event time seen.").At(o.Value.Pos)
			}
		}
	}
	return nil
}

// needsIdleTimeout refuses idle_advance without idle_timeout.
func needsIdleTimeout(r *catalog.Relation, pos int) error {
	if _, given := r.Option("idle_timeout"); given {
		return nil
	}
	return sqlerr.New(sqlerr.InvalidParameterValue, "idle_advance needs an idle_timeout").
		WithHint("Say for how long a stream has no rows when it is idle: idle_timeout = '10 seconds'.").At(pos)
}

// viewOptions checks the options of a view or sink that are StreamDB's own; others are left to the caller.
func viewOptions(list []*ast.Option) error {
	for _, o := range list {
		if err := viewOption(o); err != nil {
			return err
		}
	}
	return nil
}

func viewOption(o *ast.Option) error {
	invalid := func(hint string) error {
		return sqlerr.New(sqlerr.InvalidParameterValue, "invalid value for option %q: %q", o.Name, o.Value.Text).WithHint("%s", hint).At(o.Value.Pos)
	}
	switch strings.ToLower(o.Name) {
	case "execution":
		switch strings.ToLower(o.Value.Text) {
		case database.Pipelined, database.Microbatch, database.Auto:
		default:
			return invalid("Execution is pipelined, microbatch or auto.")
		}
	case "parallelism":
		if n, err := strconv.Atoi(o.Value.Text); err != nil || n < 1 {
			return invalid("Parallelism is a whole number from 1.")
		}
	case "batch_interval", "allowed_lateness", "ttl":
		d, err := parseInterval(o.Value.Text)
		if err != nil {
			return sqlerr.From(err).At(o.Value.Pos)
		}
		if d == 0 && strings.EqualFold(o.Name, "ttl") {
			return invalid("Rows are shown for a time above zero; leave ttl out for those that stay.")
		}
	}
	return nil
}

// planOptions are those of the plan of a view or sink. Its options have been checked.
func planOptions(emit ast.EmitMode, list []*ast.Option) planner.Options {
	length := func(name string) int64 {
		for _, o := range list {
			if d, err := parseInterval(o.Value.Text); err == nil && strings.EqualFold(o.Name, name) {
				return d.Microseconds()
			}
		}
		return 0
	}
	return planner.Options{Tasks: viewTasks, View: true, EmitOnClose: emit == ast.EmitOnWindowClose,
		AllowedLateness: length("allowed_lateness"), TTL: length("ttl")}
}
