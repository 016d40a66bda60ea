package pgcopy

import (
	"slices"
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/format"
	"github.com/streamdb/streamdb/storage/format/delimited"
)

// Target is what is copied.
type Target struct {
	// From is COPY FROM; else it is COPY TO.
	From bool
	// Table is the relation's name, empty for a query's rows; Relation the names of all its columns.
	Table    string
	Relation []string
	// Columns are those that are copied, in order.
	Columns []format.Column
}

// Options are the options of a COPY, checked.
type Options struct {
	Binary bool
	// Freeze was asked for: it has no meaning here.
	Freeze    bool
	delimited delimited.Options
	target    Target
}

// given are the options as they were written, each at most once.
type given map[string]*ast.Option

// Parse reads the options of a COPY.
func Parse(list []*ast.Option, target Target) (*Options, error) {
	g, err := collect(list)
	if err != nil {
		return nil, err
	}
	o := &Options{target: target, delimited: delimited.Text()}
	if err := o.setFormat(g); err != nil {
		return nil, err
	}
	for _, set := range []func(given) *sqlerr.Error{o.setCharacters, o.setHeader, o.setQuoting, o.setForced, o.setOthers} {
		if err := set(g); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// valid are the options that there are.
var valid = []string{"format", "freeze", "delimiter", "null", "header", "quote", "escape", "force_quote", "force_not_null",
	"force_null", "encoding"}

func collect(list []*ast.Option) (given, error) {
	g := given{}
	for _, opt := range list {
		if !slices.Contains(valid, opt.Name) {
			return nil, sqlerr.New(sqlerr.SyntaxError, "option \"%s\" not recognized", opt.Name).
				WithHint("Valid options are: %s.", strings.Join(valid, ", ")).At(opt.Pos)
		}
		if g[opt.Name] != nil {
			return nil, sqlerr.New(sqlerr.SyntaxError, "conflicting or redundant options").At(opt.Pos)
		}
		g[opt.Name] = opt
	}
	return g, nil
}

// text is an option's value; found is false when the option is absent.
func (g given) text(name string) (value string, found bool, err *sqlerr.Error) {
	opt := g[name]
	if opt == nil {
		return "", false, nil
	}
	switch opt.Value.Kind {
	case ast.ValueWord, ast.ValueString, ast.ValueNumber:
		return opt.Value.Text, true, nil
	case ast.ValueDefault:
		return "default", true, nil
	}
	return "", true, sqlerr.New(sqlerr.SyntaxError, "%s requires a parameter", name).At(opt.Pos)
}

// boolean is an option's value as PostgreSQL's defGetBoolean reads it: whole words, unlike a setting's.
func (g given) boolean(name string) (value bool, err *sqlerr.Error) {
	opt := g[name]
	if opt == nil {
		return false, nil
	}
	if value, ok := optionBool(opt.Value); ok {
		return value, nil
	}
	return false, sqlerr.New(sqlerr.SyntaxError, "%s requires a Boolean value", name).At(opt.Pos)
}

func optionBool(v ast.OptionValue) (value, ok bool) {
	if v.Kind == ast.ValueNone {
		return true, true
	}
	switch strings.ToLower(v.Text) {
	case "true", "on", "1":
		return true, true
	case "false", "off", "0":
		return false, true
	}
	return false, false
}

func (o *Options) setFormat(g given) *sqlerr.Error {
	name, found, err := g.text("format")
	if !found || err != nil {
		return err
	}
	switch name {
	case "text":
	case "csv":
		o.delimited = delimited.CSV()
	case "binary":
		o.Binary = true
	default:
		return sqlerr.New(sqlerr.InvalidParameterValue, "COPY format \"%s\" not recognized", name).
			WithHint("Formats are text, csv and binary.").At(g["format"].Pos)
	}
	return nil
}

func (o *Options) setHeader(g given) *sqlerr.Error {
	opt := g["header"]
	if opt == nil {
		return nil
	}
	on, ok := optionBool(opt.Value)
	switch {
	case ok && on:
		o.delimited.Header = delimited.HeaderLine
	case !ok && strings.EqualFold(opt.Value.Text, "match"):
		if !o.target.From {
			return sqlerr.New(sqlerr.FeatureNotSupported, "cannot use \"match\" with HEADER in COPY TO").At(opt.Pos)
		}
		o.delimited.Header = delimited.HeaderMatch
	case !ok:
		return sqlerr.New(sqlerr.SyntaxError, "header requires a Boolean value or \"match\"").At(opt.Pos)
	}
	if o.Binary && o.delimited.Header != delimited.NoHeader {
		return sqlerr.New(sqlerr.FeatureNotSupported, "cannot specify HEADER in BINARY mode").At(opt.Pos)
	}
	return nil
}

// setOthers reads what changes nothing: the encoding is UTF8, and rows are frozen anyway.
func (o *Options) setOthers(g given) (err *sqlerr.Error) {
	if o.Freeze, err = g.boolean("freeze"); err != nil {
		return err
	}
	name, found, err := g.text("encoding")
	if !found || err != nil {
		return err
	}
	switch strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(name)) {
	case "utf8", "unicode":
		return nil
	}
	return sqlerr.Unsupported("COPY with encoding \""+name+"\"", "Convert the data to UTF8.").At(g["encoding"].Pos)
}
