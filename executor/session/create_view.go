package session

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// createView is CREATE VIEW and CREATE MATERIALIZED VIEW, which are the same thing but for \dv and \dm.
func (s *Session) createView(ctx context.Context, x *ast.CreateView) (string, error) {
	tag := "CREATE VIEW"
	if x.Materialized {
		tag = "CREATE MATERIALIZED VIEW"
	}
	refuse := func(what, hint string) (string, error) { return "", sqlerr.Unsupported(what, hint).At(x.Pos) }
	switch {
	case x.OrReplace:
		return refuse("CREATE OR REPLACE VIEW", "DROP VIEW and CREATE VIEW in one transaction: readers see one or the other.")
	case x.Temp:
		return refuse("CREATE TEMPORARY VIEW", "Create the view and drop it when it is not needed any more.")
	case x.Recursive:
		return refuse("CREATE RECURSIVE VIEW", "Write the levels out.")
	case x.CheckOption != "":
		return refuse("WITH CHECK OPTION", "Views are read only.")
	case x.NoData:
		return refuse("WITH NO DATA", "A view always has its data.")
	}
	schema, err := s.newName(x.Name)
	if err != nil {
		return "", err
	}
	if _, ok := s.current().Relation(schema.OID, x.Name.Last()); ok {
		if x.IfNotExists {
			s.notice(sqlerr.NewNotice("relation %q already exists, skipping", x.Name.Last()))
			return tag, nil
		}
		return "", sqlerr.New(sqlerr.DuplicateTable, "relation %q already exists", x.Name.Last())
	}
	if err := onlyOptions(x.Options, "a view", database.ViewOptions...); err != nil {
		return "", err
	}
	r := &catalog.Relation{Schema: schema.OID, Name: x.Name.Last(), Kind: catalog.View, Owner: s.user}
	if err := s.fillView(r, x.Query, x.Emit, x.Options); err != nil {
		return "", err
	}
	r.ViewDef.Materialized = x.Materialized
	if err := renameColumns(r, x.Columns, x.Pos); err != nil {
		return "", err
	}
	return tag, s.addRelation(ctx, r)
}

// viewTasks is for how many tasks views are planned: more than one, so that their parallelism can be changed while they run.
const viewTasks = 2

// fillView plans a query that is to run on, and puts everything that follows from it into the catalog entry.
func (s *Session) fillView(r *catalog.Relation, query *ast.Select, emit ast.EmitMode, options []*ast.Option) error {
	if err := viewOptions(options); err != nil {
		return err
	}
	var err error
	if r.Options, err = catalogOptions(options); err != nil {
		return err
	}
	ctx := s.bindContext(nil)
	ctx.View, ctx.Expand = true, nil
	o := planOptions(emit, options)
	v, err := planner.View(ctx, query, o)
	if err != nil {
		return err
	}
	if len(v.Params) > 0 {
		return sqlerr.New(sqlerr.UndefinedParameter, "there is no parameter $1")
	}
	plan, err := v.Plan.Encode()
	if err != nil {
		return err
	}
	root := v.Plan.Root()
	r.ViewDef = &catalog.ViewDef{Query: ast.Format(s.qualify(query)), EmitOnClose: o.EmitOnClose, Plan: plan, DependsOn: v.Reads}
	if root.HasKey {
		r.ViewDef.UniqueKey = root.Key
	}
	r.AppendOnly, r.Watermark = v.AppendOnly, v.Watermark
	for _, c := range v.Columns {
		if c.Type.ID == types.Unknown {
			c.Type = types.T(types.Text)
		}
		r.Columns = append(r.Columns, catalog.Column{Name: c.Name, Type: c.Type})
	}
	for _, n := range v.Plan.Notes {
		s.notice(sqlerr.NewNotice("%s", n))
	}
	return nil
}

// renameColumns applies CREATE VIEW v (a, b). Only then must names be distinct: a query's own need not be.
func renameColumns(r *catalog.Relation, names []string, pos int) error {
	if len(names) > len(r.Columns) {
		return sqlerr.New(sqlerr.SyntaxError, "CREATE VIEW specifies more column names than columns").At(pos)
	}
	for i, n := range names {
		r.Columns[i].Name = n
	}
	return distinctColumns(r, pos)
}

// distinctColumns fails if two columns have one name.
func distinctColumns(r *catalog.Relation, pos int) error {
	for i := range r.Columns {
		for _, c := range r.Columns[:i] {
			if c.Name == r.Columns[i].Name {
				return sqlerr.New(sqlerr.DuplicateColumn, "column %q specified more than once", c.Name).At(pos)
			}
		}
	}
	return nil
}

// addRelation puts a new relation into the catalog, under an OID of its own.
func (s *Session) addRelation(ctx context.Context, r *catalog.Relation) error {
	return s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error {
		r.OID = e.NewOID()
		r.Created = s.engine.db.Sched().Now()
		if r.ViewDef != nil {
			r.ViewDef.Began = s.engine.db.Clock().Closed() + 1
			if x := s.equal(r); x != nil {
				r.ViewDef.Began, r.ViewDef.Computation = x.ViewDef.Began, x.Computation()
			}
		}
		return e.PutRelation(r)
	})
}

// equal is the view that a new one is to be computed with; nil: none.
func (s *Session) equal(r *catalog.Relation) *catalog.Relation {
	if s.setting("share_equal_views") != "on" {
		return nil
	}
	return s.engine.db.Equal(s.current(), r)
}

// qualify writes the schema before every relation that a query names, so that its text means the same under any search path.
// Names of WITH queries stay as they are.
func (s *Session) qualify(query *ast.Select) *ast.Select {
	with := map[string]bool{}
	ast.Inspect(query, func(n ast.Node) bool {
		if w, ok := n.(*ast.CTE); ok {
			with[w.Name] = true
		}
		return true
	})
	ast.Inspect(query, func(n ast.Node) bool {
		t, ok := n.(*ast.TableRef)
		if !ok || len(t.Name.Parts) != 1 || with[t.Name.Parts[0]] {
			return true
		}
		if r, err := s.findRelation(t.Name); err == nil && r != nil {
			if schema, ok := s.current().SchemaByOID(r.Schema); ok {
				t.Name.Parts = []string{schema.Name, r.Name}
			}
		}
		return true
	})
	return query
}

// createSink is CREATE SINK: FROM a relation, or AS a query.
func (s *Session) createSink(ctx context.Context, x *ast.CreateSink) error {
	schema, err := s.newName(x.Name)
	if err != nil {
		return err
	}
	if _, ok := s.current().Relation(schema.OID, x.Name.Last()); ok {
		if x.IfNotExists {
			s.notice(sqlerr.NewNotice("relation %q already exists, skipping", x.Name.Last()))
			return nil
		}
		return sqlerr.New(sqlerr.DuplicateTable, "relation %q already exists", x.Name.Last())
	}
	query := x.Query
	r := &catalog.Relation{Schema: schema.OID, Name: x.Name.Last(), Kind: catalog.Sink, Owner: s.user, SinkDef: &catalog.SinkDef{ID: uuid.NewString()}}
	if x.From != nil {
		from, err := s.relation(*x.From)
		if err != nil {
			return err
		}
		r.SinkDef.From = from.OID
		query = &ast.Select{Pos: x.From.Pos, Body: &ast.SelectCore{Pos: x.From.Pos, From: []ast.TableExpr{&ast.TableRef{Name: *x.From}},
			Targets: []*ast.Target{{Expr: &ast.ColumnRef{Name: ast.Name{Pos: x.From.Pos}, Star: true}}}}}
	}
	if err := s.fillView(r, query, x.Emit, x.Options); err != nil {
		return err
	}
	if err := distinctColumns(r, x.Pos); err != nil {
		return err
	}
	if c, ok := r.Option("connector"); ok {
		r.Connector = strings.ToLower(c)
	}
	if err := s.engine.db.TrySink(x.Options); err != nil {
		return err
	}
	return s.addRelation(ctx, r)
}
