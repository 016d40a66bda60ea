package session

import (
	"context"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Gate is an engine.Engine that is there before the database is open: clients connect at once, and wait in Open until
// recovery has ended.
type Gate struct {
	ready chan struct{}
	e     *Engine
	err   error
}

// NewGate makes a closed gate.
func NewGate() *Gate { return &Gate{ready: make(chan struct{})} }

// Set opens the gate to an engine, or says why there will be none. It is called once.
func (g *Gate) Set(e *Engine, err error) {
	g.e, g.err = e, err
	close(g.ready)
}

// Open implements engine.Engine.
func (g *Gate) Open(ctx context.Context, s engine.Startup) (engine.Session, error) {
	select {
	case <-g.ready:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if g.err != nil {
		return nil, sqlerr.Wrap(g.err, sqlerr.CannotConnectNow, "the database could not be opened: %s", sqlerr.From(g.err).Message)
	}
	return g.e.Open(ctx, s)
}

// Cancel implements engine.Engine.
func (g *Gate) Cancel(session uint32) {
	select {
	case <-g.ready:
		if g.e != nil {
			g.e.Cancel(session)
		}
	default: // nobody can be running anything
	}
}

// Verifier implements engine.Engine. Before the database is open it knows the role that every database has.
func (g *Gate) Verifier(role string) (string, bool) {
	select {
	case <-g.ready:
		if g.e != nil {
			return g.e.Verifier(role)
		}
	default:
	}
	return "", role == DefaultRole
}

// Ready reports whether the database is open; an error says why it is not.
func (g *Gate) Ready() error {
	select {
	case <-g.ready:
		return g.err
	default:
		return sqlerr.New(sqlerr.CannotConnectNow, "the database system is starting up")
	}
}
