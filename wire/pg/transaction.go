package pg

import (
	"context"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// fail tells the client of an error of the statement that was running. The error it returns ends the connection. Nothing is
// sent yet: a client that does not read must not keep the failed transaction open.
func (c *conn) fail(ctx context.Context, err error, query string) error {
	e := told(ctx, err)
	if isFatal(e) {
		return e
	}
	c.failed = true
	c.drainEvents()
	c.out.errorResponse(e, query)
	return c.out.err
}

// sync ends a unit of commands, a simple Query's or those up to Sync: it ends an implicit transaction and says that the next
// may come.
func (c *conn) sync(ctx context.Context) error {
	if err := c.endTransaction(ctx); err != nil {
		if err := c.fail(ctx, err, ""); err != nil {
			return err
		}
	}
	return c.ready()
}

// endTransaction commits an implicit transaction, or rolls it back if something in it failed. Portals end with their
// transaction.
func (c *conn) endTransaction(ctx context.Context) error {
	ctx = c.intr.renew(ctx) // the statement may have been cancelled; what it leaves behind is not
	if c.sess.Status() == 'I' {
		c.prepared.closePortals()
	}
	failed := c.failed
	c.failed = false
	err := c.sess.Sync(ctx, failed)
	if c.sess.Status() == 'I' {
		c.prepared.closePortals()
	}
	if err != nil {
		return told(ctx, err)
	}
	return nil
}

// refuseFailed is the error of what a failed block does not allow.
func (c *conn) refuseFailed(allowed bool) error {
	if allowed || c.sess.Status() != 'E' {
		return nil
	}
	return sqlerr.New(sqlerr.InFailedSQLTransaction, "current transaction is aborted, commands ignored until end of transaction block")
}

// endsTransaction reports whether a statement can end a failed block.
func endsTransaction(s ast.Statement) bool {
	switch s.(type) {
	case *ast.Commit, *ast.Rollback, *ast.RollbackTo, *ast.PrepareTransaction:
		return true
	}
	return false
}

// ready sends ReadyForQuery, with what has come up before it.
func (c *conn) ready() error {
	c.failed = false
	c.drainEvents()
	c.sendNotifications()
	c.sendParameters()
	c.readyForQuery()
	c.atRest = true
	return c.out.flush()
}

func (c *conn) readyForQuery() {
	pos := c.out.begin('Z')
	c.out.byte(c.sess.Status())
	c.out.end(pos)
}

// drainEvents sends the session's notices. Parameters and notifications wait until ReadyForQuery, as in PostgreSQL: of the
// former only the last value is told, the latter are no part of a statement's answer.
func (c *conn) drainEvents() {
	for _, ev := range c.sess.Events() {
		switch {
		case ev.Notice != nil:
			c.out.report('N', ev.Notice, "")
		case ev.Parameter != nil:
			c.parameterChanged(*ev.Parameter)
		case ev.Notification != nil:
			c.notes = append(c.notes, *ev.Notification)
		case ev.Deallocate != nil:
			c.prepared.deallocate(*ev.Deallocate)
		}
	}
}

func (c *conn) sendNotifications() {
	for _, n := range c.notes {
		pos := c.out.begin('A')
		c.out.uint32(n.Session)
		c.out.string(n.Channel)
		c.out.string(n.Payload)
		c.out.end(pos)
	}
	c.notes = c.notes[:0]
}

func (c *conn) parameterChanged(s setting) {
	for i := range c.params {
		if c.params[i].Name == s.Name {
			c.params[i].Value = s.Value
			return
		}
	}
	c.params = append(c.params, s)
}

func (c *conn) sendParameters() {
	for _, s := range c.params {
		pos := c.out.begin('S')
		c.out.string(s.Name)
		c.out.string(s.Value)
		c.out.end(pos)
	}
	c.params = c.params[:0]
}
