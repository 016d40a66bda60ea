package session

import (
	"context"
	"strconv"

	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// analyser is told of a query's operators when it has ended.
type analyser func(*graph.Instance)

func itoa(i int) string { return strconv.Itoa(i) }

// flush is FLUSH.
func (s *Session) flush(ctx context.Context) error {
	return s.engine.db.Flush(ctx, s.skipped)
}

// skipped warns of a view that FLUSH does not wait for.
func (s *Session) skipped(err error) {
	e := *sqlerr.From(err)
	e.Severity = sqlerr.Warn
	s.notice(&e)
}

// refresh is REFRESH MATERIALIZED VIEW: it waits until the view has come to the newest epoch.
func (s *Session) refresh(ctx context.Context, x *ast.Refresh) error {
	r, err := s.relation(x.Name)
	if err != nil {
		return err
	}
	if r.Kind != catalog.View {
		return sqlerr.New(sqlerr.FeatureNotSupported, "%q is not a materialized view", r.Name).At(x.Name.Pos)
	}
	if x.NoData {
		return sqlerr.Unsupported("REFRESH … WITH NO DATA", "A view always has its data.").At(x.Pos)
	}
	o, ok := s.engine.db.Object(r.OID)
	if !ok {
		return nil
	}
	return o.Relation.Wait(ctx, s.engine.db.Clock().Closed())
}

// lock is LOCK TABLE: it takes the writers' locks.
func (s *Session) lock(ctx context.Context, x *ast.Lock) error {
	if s.block == noBlock {
		return sqlerr.New(sqlerr.NoActiveSQLTransaction, "LOCK TABLE can only be used in transaction blocks")
	}
	for _, t := range x.Tables {
		r, err := s.relation(t.Name)
		if err != nil {
			return err
		}
		if err := s.tx.Lock(ctx, r.OID, x.NoWait); err != nil {
			return err
		}
	}
	return nil
}

// vacuum is VACUUM and ANALYZE: there is nothing to clean and nothing to measure by hand, but the names must exist.
func (s *Session) vacuum(x *ast.Vacuum) (string, error) {
	for _, t := range x.Tables {
		if _, err := s.relation(t.Name); err != nil {
			return "", err
		}
	}
	if x.Vacuum {
		return "VACUUM", nil
	}
	return "ANALYZE", nil
}
