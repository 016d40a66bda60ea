package session

import (
	"slices"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// constraint adds a constraint or property of a column (of is set) or of the table.
func (t *tableMaker) constraint(k *ast.Constraint, of *ast.ColumnDef) error {
	if k.Deferrable || k.InitiallyDeferred {
		return sqlerr.Unsupported("DEFERRABLE", "Constraints are checked as rows are written.").At(k.Pos)
	}
	var col *catalog.Column
	if of != nil {
		col = &t.r.Columns[t.r.Column(of.Name)]
	}
	switch k.Kind {
	case ast.ConstraintNull:
		return nil
	case ast.ConstraintNotNull:
		col.NotNull = true
		return nil
	case ast.ConstraintDefault:
		return t.defaultOf(col, k)
	case ast.ConstraintIdentity:
		return t.identity(col, k)
	case ast.ConstraintCheck:
		return t.check(k)
	case ast.ConstraintPrimaryKey, ast.ConstraintUnique:
		return t.key(k, of)
	case ast.ConstraintForeignKey:
		return sqlerr.Unsupported("a foreign key", "Leave it out, and check with a view that lists rows without a partner.").At(k.Pos)
	case ast.ConstraintGenerated:
		return sqlerr.Unsupported("a generated column", "Compute it in a view over the table.").At(k.Pos)
	}
	return sqlerr.Unsupported("an EXCLUDE constraint", "Use UNIQUE or CHECK.").At(k.Pos)
}

func (t *tableMaker) defaultOf(col *catalog.Column, k *ast.Constraint) error {
	if col.Default != "" || col.Identity != 0 {
		return sqlerr.New(sqlerr.SyntaxError, "multiple default values specified for column %q of table %q", col.Name, t.r.Name).At(k.Pos)
	}
	if _, err := bind.DefaultExpr(t.s.bindContext(nil), col, k.Expr); err != nil {
		return err
	}
	col.Default = ast.Format(k.Expr)
	return nil
}

func (t *tableMaker) identity(col *catalog.Column, k *ast.Constraint) error {
	if col.Identity != 0 || col.Default != "" {
		return sqlerr.New(sqlerr.SyntaxError, "both default and identity specified for column %q of table %q", col.Name, t.r.Name).At(k.Pos)
	}
	col.Identity, col.NotNull = 'd', true
	if k.Identity.Always {
		col.Identity = 'a'
	}
	if err := t.sequence(col, k.Identity.Options); err != nil {
		return sqlerr.From(err).At(k.Pos)
	}
	return nil
}

func (t *tableMaker) check(k *ast.Constraint) error {
	cond, err := bind.RowExpr(t.s.bindContext(nil), t.r.Name, t.r.Columns, k.Expr, "check constraints", types.T(types.Bool))
	if err != nil {
		return err
	}
	name := k.Name
	if name == "" {
		base := t.r.Name
		if col := onlyColumn(cond); col != "" {
			base += "_" + col
		}
		name = t.freeName(base + "_check")
	} else if t.names[name] {
		return t.duplicate(k)
	}
	t.names[name] = true
	t.r.Checks = append(t.r.Checks, catalog.Check{Name: name, OID: t.edit.NewOID(), Expr: ast.Format(k.Expr)})
	return nil
}

// onlyColumn is the name of the one column that an expression reads; "" if it reads none or several.
func onlyColumn(n expr.Node) string {
	names := map[string]bool{}
	only := ""
	expr.Walk(n, func(n expr.Node) bool {
		if c, ok := n.(*expr.Column); ok {
			names[c.Name], only = true, c.Name
		}
		return true
	})
	if len(names) != 1 {
		return ""
	}
	return only
}

func (t *tableMaker) duplicate(k *ast.Constraint) error {
	return sqlerr.New(sqlerr.DuplicateObject, "constraint %q for relation %q already exists", k.Name, t.r.Name).At(k.Pos)
}

// freeName is base, or base with a number, so that no constraint and no relation of the schema has it.
func (t *tableMaker) freeName(base string) string {
	return uniqueName(t.edit, t.schema.OID, base, func(n string) bool { return t.names[n] })
}

// key adds PRIMARY KEY or UNIQUE.
func (t *tableMaker) key(k *ast.Constraint, of *ast.ColumnDef) error {
	if t.x.Stream {
		return sqlerr.Unsupported("a key of a stream", "A stream is append-only and holds every row; CREATE TABLE for rows with a key.").At(k.Pos)
	}
	if k.NullsNotDistinct {
		return sqlerr.Unsupported("NULLS NOT DISTINCT", "Declare the columns NOT NULL.").At(k.Pos)
	}
	names := k.Columns
	if of != nil {
		names = []string{of.Name}
	}
	key := catalog.Key{OID: t.edit.NewOID(), Primary: k.Kind == ast.ConstraintPrimaryKey}
	for _, n := range names {
		i := t.r.Column(n)
		if i < 0 {
			return sqlerr.New(sqlerr.UndefinedColumn, "column %q named in key does not exist", n).At(k.Pos)
		}
		if slices.Contains(key.Columns, i) {
			return sqlerr.New(sqlerr.DuplicateColumn, "column %q appears twice in %s constraint", n, keyKind(key)).At(k.Pos)
		}
		key.Columns = append(key.Columns, i)
		t.r.Columns[i].NotNull = t.r.Columns[i].NotNull || key.Primary
	}
	switch {
	case k.Name != "" && t.names[k.Name]:
		return t.duplicate(k)
	case k.Name != "":
		key.Name = k.Name
	case key.Primary:
		key.Name = t.freeName(t.r.Name + "_pkey")
	default:
		key.Name = t.freeName(t.r.Name + "_" + strings.Join(names, "_") + "_key")
	}
	t.names[key.Name] = true
	if !key.Primary {
		t.r.Keys = append(t.r.Keys, key)
		return nil
	}
	if t.r.PrimaryKey() != nil {
		return sqlerr.New(sqlerr.InvalidTableDefinition, "multiple primary keys for table %q are not allowed", t.r.Name).At(k.Pos)
	}
	t.r.Keys = append([]catalog.Key{key}, t.r.Keys...)
	return nil
}

func keyKind(k catalog.Key) string {
	if k.Primary {
		return "primary key"
	}
	return "unique"
}

// sequenceOptions reads the options of GENERATED … AS IDENTITY (…).
func sequenceOptions(def *catalog.SequenceDef, options []*ast.Option) error {
	started := false
	for _, o := range options {
		n, err := strconv.ParseInt(o.Value.Text, 10, 64)
		if err != nil && o.Value.Kind == ast.ValueNumber {
			return sqlerr.New(sqlerr.InvalidParameterValue, "invalid value for option %q: %q", o.Name, o.Value.Text).At(o.Value.Pos)
		}
		switch o.Name {
		case "start":
			def.Start, started = n, true
		case "increment":
			if n == 0 {
				return sqlerr.New(sqlerr.InvalidParameterValue, "INCREMENT must not be zero").At(o.Pos)
			}
			def.Increment = n
			if n < 0 && !started {
				def.Max, def.Min, def.Start = -1, -def.Max-1, -1
			}
		case "minvalue":
			if o.Value.Kind == ast.ValueNumber {
				def.Min = n
			}
		case "maxvalue":
			if o.Value.Kind == ast.ValueNumber {
				def.Max = n
			}
		case "cache", "owned by", "sequence name", "as":
		default:
			return sqlerr.Unsupported("the sequence option "+o.Name, "Sequences have start, increment, minvalue, maxvalue and cache.").At(o.Pos)
		}
	}
	if !started && def.Increment > 0 {
		def.Start = max(def.Start, def.Min)
	}
	if def.Start < def.Min || def.Start > def.Max {
		return sqlerr.New(sqlerr.InvalidParameterValue, "START value (%d) must lie between MINVALUE (%d) and MAXVALUE (%d)", def.Start, def.Min, def.Max)
	}
	return nil
}
