package session

import (
	"context"
	"slices"

	"github.com/streamdb/streamdb/executor/query"
	"github.com/streamdb/streamdb/executor/txn"
	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// alterable readies a relation for a change of its columns: it must be one that clients write, and nobody else writes it until the
// transaction ends.
func (s *Session) alterable(ctx context.Context, r *catalog.Relation, pos int) error {
	switch {
	case r.Kind == catalog.Virtual:
		return sqlerr.New(sqlerr.InsufficientPrivilege, "permission denied: %q is a system catalog", r.Name)
	case r.Kind != catalog.Table && r.Kind != catalog.Stream:
		return sqlerr.New(sqlerr.WrongObjectType, "%q is not a table", r.Name).WithHint("A view's columns are those of its query: DROP and CREATE it in one transaction.").At(pos)
	case r.Connector != "":
		return sqlerr.Unsupported("changing a column of a connector's stream", "DROP and CREATE it: its rows are not stored.").At(pos)
	case r.Kind == catalog.Table:
		return s.tx.Lock(ctx, r.OID, false)
	}
	return nil
}

// addColumn is ADD COLUMN. Rows that there are stay as they are stored, and have the default's present value in it.
func (s *Session) addColumn(ctx context.Context, r *catalog.Relation, a *ast.AddColumn) error {
	if err := s.alterable(ctx, r, a.Pos); err != nil {
		return err
	}
	if r.Column(a.Def.Name) >= 0 {
		if a.IfNotExists {
			s.notice(sqlerr.NewNotice("column %q of relation %q already exists, skipping", a.Def.Name, r.Name))
			return nil
		}
		return sqlerr.New(sqlerr.DuplicateColumn, "column %q of relation %q already exists", a.Def.Name, r.Name).At(a.Pos)
	}
	switch v := s.altered(r.OID, a.Def.Name); {
	case len(r.Columns) >= maxColumns:
		return sqlerr.New(sqlerr.TooManyColumns, "tables can have at most %d columns", maxColumns).At(a.Pos)
	case s.tx.Pending(r.OID):
		return sqlerr.Unsupported("ADD COLUMN to a relation that the transaction has written to", "COMMIT first, or begin with ADD COLUMN.").At(a.Pos)
	case v != nil:
		return sqlerr.Unsupported("ADD COLUMN to a relation of which a view selects *, or names a column that could be the new one",
			"DROP the view "+s.shortName(v)+" and CREATE it with the columns' names behind those of their relations.").At(a.Pos)
	}
	filled, err := s.filled(ctx, r)
	if err != nil {
		return err
	}
	schema, _ := s.current().SchemaByOID(r.Schema)
	checks := len(r.Checks)
	if err := s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error {
		t := &tableMaker{s: s, x: &ast.CreateTable{Stream: r.Kind == catalog.Stream}, edit: e, schema: schema, r: r, names: constraintNames(r)}
		r.Columns, r.Checks = slices.Clone(r.Columns), slices.Clone(r.Checks)
		if err := t.newColumn(a.Def, filled); err != nil {
			return err
		}
		return e.PutRelation(r)
	}); err != nil {
		return err
	}
	if !filled {
		return nil
	}
	if col := &r.Columns[len(r.Columns)-1]; col.NotNull {
		if err := s.noNulls(ctx, r, col.Name); err != nil {
			return err
		}
	}
	for _, k := range r.Checks[checks:] {
		if err := s.satisfied(ctx, r, &k); err != nil {
			return err
		}
	}
	return nil
}

// newColumn adds a column to a relation that exists; filled says that it has rows.
func (t *tableMaker) newColumn(def *ast.ColumnDef, filled bool) error {
	if err := t.column(def); err != nil {
		return err
	}
	for _, k := range def.Constraints {
		if k.Kind == ast.ConstraintPrimaryKey || k.Kind == ast.ConstraintUnique {
			return sqlerr.Unsupported("a key in ADD COLUMN", "CREATE a table with the key, and INSERT … SELECT.").At(k.Pos)
		}
		if err := t.constraint(k, def); err != nil {
			return err
		}
	}
	col := &t.r.Columns[len(t.r.Columns)-1]
	missing, err := t.s.missing(col, filled)
	if err != nil {
		return sqlerr.From(err).At(def.Pos)
	}
	return col.SetMissing(vec.NewConst(col.Type, missing).Flatten(1))
}

// missing is what older rows have in a new column: its default, as of now.
func (s *Session) missing(col *catalog.Column, filled bool) (types.Datum, error) {
	if col.Default == "" && col.Identity == 0 {
		return types.Null, nil
	}
	differ := sqlerr.Unsupported("ADD COLUMN with a default that differs from row to row", "Add it without, UPDATE the rows, then SET DEFAULT.")
	if col.Sequence != 0 {
		if filled {
			return types.Null, differ
		}
		return types.Null, nil
	}
	e, err := parse.Expr(col.Default)
	if err != nil {
		return types.Null, err
	}
	n, err := bind.DefaultExpr(s.bindContext(nil), col, e)
	switch {
	case err != nil:
		return types.Null, err
	case expr.Volatility(n) == fn.Volatile && filled:
		return types.Null, differ
	case expr.Volatility(n) == fn.Volatile:
		return types.Null, nil
	}
	return txn.Constant(n, &expr.Ctx{Env: s.env()})
}

// constraintNames are those that a new constraint cannot have.
func constraintNames(r *catalog.Relation) map[string]bool {
	names := map[string]bool{}
	for _, k := range r.Keys {
		names[k.Name] = true
	}
	for _, k := range r.Checks {
		names[k.Name] = true
	}
	return names
}

// altered is a view over a relation whose text would mean something else if the relation had a column of that name too: it has a star or a
// NATURAL JOIN, or a column of that name which it does not say whose it is. nil: none.
func (s *Session) altered(oid uint32, column string) *catalog.Relation {
	for _, d := range s.current().Dependents(oid) {
		if d.Kind != catalog.View { // a sink has no text that is read again
			continue
		}
		stmts, err := parse.Statements(d.ViewDef.Query)
		if err != nil || len(stmts) != 1 {
			return d
		}
		open := false
		ast.Inspect(stmts[0].Statement, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ColumnRef:
				open = open || n.Star || len(n.Name.Parts) == 1 && n.Name.Parts[0] == column
			case *ast.Join:
				open = open || n.Natural
			}
			return true
		})
		if open {
			return d
		}
	}
	return nil
}

// alterColumn is ALTER COLUMN: what changes for rows to come, and is checked of those that there are.
func (s *Session) alterColumn(ctx context.Context, r *catalog.Relation, a *ast.AlterColumn) error {
	if a.Change == ast.ColumnSetType {
		return sqlerr.Unsupported("ALTER COLUMN TYPE", "ADD COLUMN with the other type, UPDATE it from the old one, and read the new one.").At(a.Pos)
	}
	if err := s.alterable(ctx, r, a.Pos); err != nil {
		return err
	}
	i := r.Column(a.Column)
	if i < 0 {
		return sqlerr.New(sqlerr.UndefinedColumn, "column %q of relation %q does not exist", a.Column, r.Name).At(a.Pos)
	}
	r.Columns = slices.Clone(r.Columns)
	col := &r.Columns[i]
	switch a.Change {
	case ast.ColumnSetDefault:
		if col.Identity != 0 {
			return identityDefault(r, col).At(a.Pos)
		}
		if _, err := bind.DefaultExpr(s.bindContext(nil), col, a.Default); err != nil {
			return err
		}
		col.Default = ast.Format(a.Default)
	case ast.ColumnDropDefault:
		if col.Identity != 0 {
			return identityDefault(r, col).At(a.Pos)
		}
		col.Default = ""
	case ast.ColumnSetNotNull:
		if err := s.noNulls(ctx, r, col.Name); err != nil {
			return err
		}
		col.NotNull = true
	case ast.ColumnDropNotNull:
		if k := r.PrimaryKey(); k != nil && slices.Contains(k.Columns, i) {
			return sqlerr.New(sqlerr.InvalidTableDefinition, "column %q is in a primary key", a.Column).At(a.Pos)
		}
		if col.Identity != 0 {
			return sqlerr.New(sqlerr.SyntaxError, "column %q of relation %q is an identity column", a.Column, r.Name).At(a.Pos)
		}
		col.NotNull = false
	}
	return nil
}

func identityDefault(r *catalog.Relation, col *catalog.Column) *sqlerr.Error {
	return sqlerr.New(sqlerr.SyntaxError, "column %q of relation %q is an identity column", col.Name, r.Name)
}

// filled reports whether a relation has rows.
func (s *Session) filled(ctx context.Context, r *catalog.Relation) (bool, error) {
	return s.exists(ctx, r, "")
}

// noNulls fails if a column has a null.
func (s *Session) noNulls(ctx context.Context, r *catalog.Relation, column string) error {
	null, err := s.exists(ctx, r, " WHERE "+ast.QuoteIdent(column)+" IS NULL")
	if null && err == nil {
		err = sqlerr.New(sqlerr.NotNullViolation, "column %q of relation %q contains null values", column, r.Name)
	}
	return err
}

// satisfied fails if a constraint is false of a row.
func (s *Session) satisfied(ctx context.Context, r *catalog.Relation, k *catalog.Check) error {
	broken, err := s.exists(ctx, r, " WHERE NOT ("+k.Expr+")")
	if broken && err == nil {
		err = sqlerr.New(sqlerr.CheckViolation, "check constraint %q of relation %q is violated by some row", k.Name, r.Name).OnConstraint(k.Name)
	}
	return err
}

// exists reports whether the transaction sees a row of a relation that satisfies a condition.
func (s *Session) exists(ctx context.Context, r *catalog.Relation, where string) (bool, error) {
	stmts, err := parse.Statements("SELECT 1 FROM " + s.qualified(r) + where + " LIMIT 1")
	if err != nil {
		return false, err
	}
	q, err := planner.Select(s.bindContext(nil), stmts[0].Statement.(*ast.Select), planner.Options{Tasks: 1})
	if err != nil {
		return false, err
	}
	reader, err := s.tx.Read(ctx, q.Plan, nil)
	if err != nil {
		return false, err
	}
	defer reader.Close()
	found := false
	err = query.Run(ctx, q.Plan, reader, query.Options{Env: s.env()}, func(b *vec.Batch) error {
		found = found || b.Rows() > 0
		return nil
	})
	return found, err
}
