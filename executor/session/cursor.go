package session

import (
	"context"
	"fmt"
	"time"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// cursor is a cursor of SQL: a portal under a name. It goes forward only; one WITH HOLD keeps its rows past the transaction.
type cursor struct {
	portal *portal
	hold   bool
	// held are the rows of a cursor that has outlived its transaction, and at the next of them.
	held *vec.Batch
	at   int
	// closes is set for a portal of the protocol, which wire closes.
	closes func()
	// live says that the cursor is over SUBSCRIBE, which does not end.
	live bool
}

// declare is DECLARE.
func (s *Session) declare(ctx context.Context, x *ast.DeclareCursor) error {
	subscribe, live := x.Query.(*ast.Subscribe)
	if s.block == noBlock && !x.Hold && !live {
		return sqlerr.New(sqlerr.NoActiveSQLTransaction, "DECLARE CURSOR can only be used in transaction blocks").
			WithHint("BEGIN first, or declare it WITH HOLD.")
	}
	if x.Scroll {
		return sqlerr.Unsupported("SCROLL", "Cursors go forward; declare it without SCROLL.").At(x.Pos)
	}
	if live && x.Hold {
		return sqlerr.Unsupported("a cursor WITH HOLD over SUBSCRIBE", "A cursor over SUBSCRIBE outlives transactions as it is.").At(x.Pos)
	}
	if s.findCursor(x.Name) != nil {
		return sqlerr.New(sqlerr.DuplicateCursor, "cursor %q already exists", x.Name)
	}
	var a *action
	var err error
	if live {
		a, err = s.subscribeSince(subscribe, s.engine.db.Clock().Closed())
	} else {
		a, err = s.analyse(ctx, ast.Stmt{Statement: x.Query}, nil)
	}
	if err != nil {
		return err
	}
	s.cursors[x.Name] = &cursor{portal: &portal{session: s, statement: x.Query, action: a}, hold: x.Hold, live: live}
	return nil
}

// findCursor gives the cursor of a name, which may be a portal that the client made by the protocol: they share their names. It
// is nil if there is none.
func (s *Session) findCursor(name string) *cursor {
	if c, ok := s.cursors[name]; ok {
		return c
	}
	if s.protocol.Portal == nil {
		return nil
	}
	found, closes, ok := s.protocol.Portal(name)
	if !ok {
		return nil
	}
	p, ok := found.(*portal)
	if !ok {
		return nil
	}
	return &cursor{portal: p, closes: closes}
}

// fetchAction is FETCH and MOVE.
func (s *Session) fetchAction(x *ast.Fetch) (*action, error) {
	c := s.findCursor(x.Cursor)
	if c == nil {
		return nil, sqlerr.New(sqlerr.InvalidCursorName, "cursor %q does not exist", x.Cursor)
	}
	n, err := forwardCount(x)
	if err != nil {
		return nil, err
	}
	timeout, err := fetchTimeout(x)
	if err != nil {
		return nil, err
	}
	verb := "FETCH"
	a := &action{columns: c.portal.action.columns}
	if x.Move {
		verb, a.columns = "MOVE", nil
	}
	a.run = func(ctx context.Context, y *execution) (string, error) {
		give := y.give
		if x.Move {
			give = func(*vec.Batch) error { return nil }
		}
		taken, err := s.fetch(ctx, c, n, timeout, give)
		return fmt.Sprintf("%s %d", verb, taken), err
	}
	return a, nil
}

// forwardCount is how many rows a FETCH takes; other directions than forward are refused.
func forwardCount(x *ast.Fetch) (int64, error) {
	if x.Direction == ast.FetchForward && x.Count >= 0 || x.Direction == ast.FetchRelative && x.Count == 1 {
		return x.Count, nil
	}
	return 0, sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "cursor can only scan forward").
		WithHint("Fetch NEXT, FORWARD n or ALL.")
}

// fetchTimeout is FETCH's WITH (timeout = …): how long a cursor over SUBSCRIBE waits for rows. Without one it waits for the
// first cut that has some.
func fetchTimeout(x *ast.Fetch) (time.Duration, error) {
	if err := onlyOptions(x.Options, "FETCH", "timeout"); err != nil || len(x.Options) == 0 {
		return 0, err
	}
	o := x.Options[len(x.Options)-1]
	d, err := parseInterval(o.Value.Text)
	if err != nil {
		return 0, sqlerr.From(err).At(o.Value.Pos)
	}
	return d, nil
}

// fetch takes up to n rows of a cursor.
func (s *Session) fetch(ctx context.Context, c *cursor, n int64, timeout time.Duration, give func(*vec.Batch) error) (int64, error) {
	if c.held != nil {
		return c.fetchHeld(n, give)
	}
	if !c.live {
		taken, _, err := c.portal.take(ctx, n, give)
		return taken, err
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, timeout, errFetchTimeout)
		defer cancel()
	}
	total := int64(0)
	for total < n {
		taken, suspended, err := c.portal.take(ctx, n-total, give)
		total += taken
		switch {
		case err != nil || !suspended:
			return total, err
		case context.Cause(ctx) == errFetchTimeout:
			return total, nil
		case ctx.Err() != nil:
			return total, context.Cause(ctx)
		case total > 0 && taken == 0:
			return total, nil // what had come is taken; more is a matter for the next FETCH
		}
	}
	return total, nil
}

var errFetchTimeout = sqlerr.New(sqlerr.QueryCanceled, "FETCH has waited for its timeout")

func (c *cursor) fetchHeld(n int64, give func(*vec.Batch) error) (int64, error) {
	var rows []int32
	for c.at < c.held.N && int64(len(rows)) < n {
		rows = append(rows, int32(c.at))
		c.at++
	}
	part := *c.held
	part.Sel, part.Weights = rows, nil
	if len(rows) == 0 {
		return 0, nil
	}
	return int64(len(rows)), give(&part)
}

// Cursor implements engine.Cursors.
func (s *Session) Cursor(name string) (engine.Portal, bool) {
	c, ok := s.cursors[name]
	if !ok {
		return nil, false
	}
	return c.portal, true
}

// closeCursor is CLOSE.
func (s *Session) closeCursor(x *ast.CloseCursor) (string, error) {
	if x.Name == "" {
		s.closeCursors()
		return "CLOSE CURSOR ALL", nil
	}
	c := s.findCursor(x.Name)
	switch {
	case c == nil:
		return "", sqlerr.New(sqlerr.InvalidCursorName, "cursor %q does not exist", x.Name)
	case c.closes != nil:
		c.closes()
	default:
		c.portal.Close()
		delete(s.cursors, x.Name)
	}
	return "CLOSE CURSOR", nil
}

func (s *Session) closeCursors() {
	for name, c := range s.cursors {
		c.portal.Close()
		delete(s.cursors, name)
	}
}

// holdCursors keeps, at a commit, the rows of cursors WITH HOLD, and closes the others but those that are live.
func (s *Session) holdCursors(ctx context.Context) error {
	for name, c := range s.cursors {
		switch {
		case c.live || c.held != nil:
		case !c.hold:
			c.portal.Close()
			delete(s.cursors, name)
		default:
			ts := make([]types.Type, len(c.portal.action.columns))
			for i, col := range c.portal.action.columns {
				ts[i] = col.Type
			}
			held := vec.NewBatch(ts, 0)
			if _, _, err := c.portal.take(ctx, ast.FetchAll, func(b *vec.Batch) error {
				held.AppendBatch(b)
				return nil
			}); err != nil {
				return err
			}
			c.portal.Close()
			c.held = held
		}
	}
	return nil
}

// dropCursors closes, at a rollback, the cursors of the transaction.
func (s *Session) dropCursors() {
	for name, c := range s.cursors {
		if !c.live && c.held == nil {
			c.portal.Close()
			delete(s.cursors, name)
		}
	}
}
