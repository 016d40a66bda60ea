package pg

import (
	"context"
	"strings"

	"github.com/jackc/pgproto3/v2"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// execute serves Execute.
func (c *conn) execute(ctx context.Context, m *pgproto3.Execute) error {
	p, missing := c.prepared.findPortal(m.Portal)
	if missing != nil {
		return c.extended(ctx, "", missing)
	}
	return c.extended(ctx, p.of.query, c.executePortal(ctx, p, int64(int32(m.MaxRows))))
}

// executePortal runs a portal, or goes on with it, for maxRows rows (0 or less: all).
func (c *conn) executePortal(ctx context.Context, p *portal, maxRows int64) error {
	if p.portal == nil {
		c.complete("")
		return nil
	}
	if err := c.refuseFailed(p.of.ends); err != nil {
		return err
	}
	cols := p.portal.Columns()
	if p.done {
		return c.executeAgain(p, cols)
	}
	if err := checkFormats(p.formats); err != nil {
		return err
	}
	if !p.started {
		c.srv.metrics.Statements.Add(1)
		p.started = true
	}
	res, err := c.run(ctx, p.portal, cols, p.formats, max(maxRows, 0))
	if err != nil {
		p.done = true
		return err
	}
	c.drainEvents()
	if res.Suspended {
		c.out.empty('s')
		return nil
	}
	p.done, p.tag = true, res.Tag
	c.complete(res.Tag)
	if p.of.ends && c.sess.Status() == 'I' {
		c.prepared.closePortals() // this one, too
	}
	return nil
}

// executeAgain is an Execute of a portal that has ended: a query has no more rows, anything else cannot be run twice.
func (c *conn) executeAgain(p *portal, cols []engine.Column) error {
	verb, _, _ := strings.Cut(p.tag, " ")
	if cols == nil || verb == "" {
		return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "portal cannot be run")
	}
	if verb == "INSERT" {
		verb = "INSERT 0"
	}
	c.complete(verb + " 0")
	return nil
}

// run runs an engine portal with the connection's row writer.
func (c *conn) run(ctx context.Context, p engine.Portal, cols []engine.Column, formats []int16, maxRows int64) (engine.Result, error) {
	c.rows.start(ctx, cols, formats)
	res, err := p.Run(ctx, maxRows, &c.rows)
	return res, c.rows.finish(err)
}
