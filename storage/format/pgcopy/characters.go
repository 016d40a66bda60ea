package pgcopy

import (
	"slices"
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// setCharacters reads the delimiter and the null marker.
func (o *Options) setCharacters(g given) *sqlerr.Error {
	for _, name := range []string{"delimiter", "null"} {
		if g[name] != nil && o.Binary {
			return sqlerr.New(sqlerr.SyntaxError, "cannot specify %s in BINARY mode", strings.ToUpper(name)).At(g[name].Pos)
		}
	}
	null, found, err := g.text("null")
	if err != nil {
		return err
	}
	if found {
		o.delimited.Null = null
	}
	delimiter, found, err := g.text("delimiter")
	if err != nil {
		return err
	}
	if found {
		if err := o.setDelimiter(delimiter); err != nil {
			return err.At(g["delimiter"].Pos)
		}
	}
	if strings.ContainsAny(o.delimited.Null, "\r\n") {
		return sqlerr.New(sqlerr.InvalidParameterValue, "COPY null representation cannot use newline or carriage return").At(g["null"].Pos)
	}
	if found || g["null"] != nil {
		if strings.IndexByte(o.delimited.Null, o.delimited.Delimiter) >= 0 {
			return sqlerr.New(sqlerr.FeatureNotSupported, "COPY delimiter must not appear in the NULL specification")
		}
	}
	return nil
}

// noDelimiters cannot delimit text: they are in escapes or in values of most types.
const noDelimiters = `\.abcdefghijklmnopqrstuvwxyz0123456789`

func (o *Options) setDelimiter(d string) *sqlerr.Error {
	switch {
	case len(d) != 1:
		return sqlerr.New(sqlerr.FeatureNotSupported, "COPY delimiter must be a single one-byte character")
	case strings.ContainsAny(d, "\r\n"):
		return sqlerr.New(sqlerr.InvalidParameterValue, "COPY delimiter cannot be newline or carriage return")
	case !o.delimited.CSV && strings.Contains(noDelimiters, d):
		return sqlerr.New(sqlerr.InvalidParameterValue, "COPY delimiter cannot be \"%s\"", d)
	}
	o.delimited.Delimiter = d[0]
	return nil
}

// setQuoting reads the quote and the escape of CSV; the escape is the quote unless it is given.
func (o *Options) setQuoting(g given) *sqlerr.Error {
	quote, quoted, err := g.text("quote")
	if err != nil {
		return err
	}
	escape, escaped, err := g.text("escape")
	if err != nil {
		return err
	}
	for _, name := range []string{"quote", "escape"} {
		if g[name] != nil && !o.delimited.CSV {
			return sqlerr.New(sqlerr.FeatureNotSupported, "COPY %s available only in CSV mode", name).At(g[name].Pos)
		}
	}
	if quoted {
		if len(quote) != 1 {
			return sqlerr.New(sqlerr.FeatureNotSupported, "COPY quote must be a single one-byte character").At(g["quote"].Pos)
		}
		o.delimited.Quote, o.delimited.Escape = quote[0], quote[0]
	}
	if o.delimited.CSV && o.delimited.Quote == o.delimited.Delimiter {
		return sqlerr.New(sqlerr.InvalidParameterValue, "COPY delimiter and quote must be different")
	}
	if escaped {
		if len(escape) != 1 {
			return sqlerr.New(sqlerr.FeatureNotSupported, "COPY escape must be a single one-byte character").At(g["escape"].Pos)
		}
		o.delimited.Escape = escape[0]
	}
	if o.delimited.CSV && strings.IndexByte(o.delimited.Null, o.delimited.Quote) >= 0 {
		return sqlerr.New(sqlerr.FeatureNotSupported, "CSV quote character must not appear in the NULL specification")
	}
	return nil
}

// setForced reads the lists of columns.
func (o *Options) setForced(g given) (err *sqlerr.Error) {
	d := &o.delimited
	if d.ForceQuote, err = o.forced(g["force_quote"], "force quote", false); err != nil {
		return err
	}
	if d.ForceNotNull, err = o.forced(g["force_not_null"], "force not null", true); err != nil {
		return err
	}
	d.ForceNull, err = o.forced(g["force_null"], "force null", true)
	return err
}

// forced is a list of columns as flags by column; from says in which direction it is allowed.
func (o *Options) forced(opt *ast.Option, words string, from bool) ([]bool, *sqlerr.Error) {
	if opt == nil {
		return nil, nil
	}
	star := opt.Value.Kind == ast.ValueStar && !from
	switch {
	case !star && opt.Value.Kind != ast.ValueList:
		return nil, sqlerr.New(sqlerr.InvalidParameterValue, "argument to option \"%s\" must be a list of column names", opt.Name).At(opt.Pos)
	case !o.delimited.CSV:
		return nil, sqlerr.New(sqlerr.FeatureNotSupported, "COPY %s available only in CSV mode", words).At(opt.Pos)
	case from != o.target.From:
		return nil, sqlerr.New(sqlerr.FeatureNotSupported, "COPY %s only available using COPY %s", words,
			map[bool]string{true: "FROM", false: "TO"}[from]).At(opt.Pos)
	}
	flags := make([]bool, len(o.target.Columns))
	for _, item := range opt.Value.List {
		c, err := o.column(item.Text, strings.ToUpper(opt.Name))
		if err != nil {
			return nil, err.At(item.Pos)
		}
		flags[c] = true
	}
	for c := range flags {
		flags[c] = flags[c] || star
	}
	return flags, nil
}

// column finds a copied column by name.
func (o *Options) column(name, option string) (int, *sqlerr.Error) {
	for c, col := range o.target.Columns {
		if col.Name == name {
			return c, nil
		}
	}
	switch {
	case slices.Contains(o.target.Relation, name):
		return 0, sqlerr.New(sqlerr.InvalidColumnReference, "%s column \"%s\" not referenced by COPY", option, name)
	case o.target.Table != "":
		return 0, sqlerr.New(sqlerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, o.target.Table)
	}
	return 0, sqlerr.New(sqlerr.UndefinedColumn, "column \"%s\" does not exist", name)
}
