package session

import (
	"context"
	"fmt"

	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// changeAction is INSERT, UPDATE and DELETE.
func (s *Session) changeAction(stmt ast.Stmt, params []types.Type) (*action, error) {
	c, err := s.planChange(stmt.Statement, params)
	if err != nil {
		return nil, err
	}
	version := s.current().Version()
	var columns []engine.Column
	if c.Columns != nil {
		columns = resultColumns(c.Columns)
	}
	return &action{params: c.Params, columns: columns, run: func(ctx context.Context, y *execution) (string, error) {
		now := c
		if version != s.current().Version() || s.wroteAny(c.Reads) {
			if now, err = s.planChange(stmt.Statement, params); err != nil {
				return "", err
			}
		}
		return s.runChange(ctx, now, y)
	}}, nil
}

func (s *Session) planChange(x ast.Statement, params []types.Type) (*planner.Change, error) {
	ctx := s.bindContext(params)
	switch x := x.(type) {
	case *ast.Insert:
		return planner.Insert(ctx, x)
	case *ast.Update:
		return planner.Update(ctx, x)
	case *ast.Delete:
		return planner.Delete(ctx, x)
	}
	return nil, sqlerr.Internal("%T changes no rows", x)
}

func (s *Session) runChange(ctx context.Context, c *planner.Change, y *execution) (string, error) {
	give := func(b *vec.Batch) error { return y.give(b) }
	switch {
	case c.Insert != nil:
		n, err := s.tx.Insert(ctx, c.Insert, y.args, give)
		return fmt.Sprintf("INSERT 0 %d", n), err
	case c.Update != nil:
		n, err := s.tx.Update(ctx, c.Update, y.args, give)
		return fmt.Sprintf("UPDATE %d", n), err
	default:
		n, err := s.tx.Delete(ctx, c.Delete, y.args, give)
		return fmt.Sprintf("DELETE %d", n), err
	}
}

// truncateAction is TRUNCATE: of tables within the transaction; of a stream it forgets the rows that are stored, which changes no
// view over it.
func (s *Session) truncateAction(x *ast.Truncate) (*action, error) {
	var tables []*catalog.Relation
	for _, t := range x.Tables {
		r, err := s.relation(t.Name)
		if err != nil {
			return nil, err
		}
		switch {
		case r.Kind == catalog.Table:
		case r.Kind == catalog.Stream && r.Connector == "":
		case r.Kind == catalog.Stream:
			return nil, sqlerr.Unsupported("TRUNCATE of a connector's stream", "Its rows are not stored.").At(t.Position())
		default:
			return nil, sqlerr.New(sqlerr.WrongObjectType, "%q is not a table", r.Name).At(t.Position())
		}
		tables = append(tables, r)
	}
	return &action{run: func(ctx context.Context, _ *execution) (string, error) {
		if x.Restart && s.block == openBlock { // a rollback could not give the sequences back
			return "", sqlerr.Unsupported("RESTART IDENTITY in a transaction block", "Run it on its own, or TRUNCATE and call setval after COMMIT.").At(x.Pos)
		}
		for _, r := range tables {
			if err := s.truncate(ctx, r); err != nil {
				return "", err
			}
			if x.Restart {
				if err := s.restartSequences(r); err != nil {
					return "", err
				}
			}
		}
		return "TRUNCATE TABLE", nil
	}}, nil
}

// restartSequences lets the sequences of a relation's columns begin anew.
func (s *Session) restartSequences(r *catalog.Relation) error {
	for _, c := range r.Columns {
		seq, ok := s.current().RelationByOID(c.Sequence)
		if !ok || seq.SequenceDef == nil {
			continue
		}
		if err := s.engine.db.Sequences().Set(seq, seq.SequenceDef.Start, false); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) truncate(ctx context.Context, r *catalog.Relation) error {
	if r.Kind == catalog.Stream {
		return s.engine.db.TrimStream(r.OID)
	}
	return s.tx.Truncate(ctx, wholeScan(r), r.OID)
}

// wholeScan is the plan of all rows of a relation.
func wholeScan(r *catalog.Relation) *physical.Plan {
	columns := make([]int, len(r.Columns))
	names := make([]string, len(r.Columns))
	for i := range columns {
		columns[i], names[i] = i, r.Columns[i].Name
	}
	scan := physical.Node{Op: &physical.Scan{Relation: r.OID, Name: r.Name, Columns: columns}, Types: r.Types(), Names: names}
	root := physical.Node{Op: &physical.Root{Names: names}, Inputs: []int{0}, Types: r.Types(), Names: names}
	return &physical.Plan{Nodes: []physical.Node{scan, root}}
}

// scanOf is the scan of a wholeScan plan.
func scanOf(p *physical.Plan) *physical.Scan { return p.Nodes[0].Op.(*physical.Scan) }
