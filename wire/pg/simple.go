package pg

import (
	"context"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// simpleQuery serves a Query message: all its statements are parsed before the first is run, they are one implicit
// transaction, and an error stops the rest.
func (c *conn) simpleQuery(ctx context.Context, sql string) error {
	c.prepared.dropUnnamed()
	last, err := c.runAll(ctx, sql)
	if err != nil {
		if err := c.fail(ctx, err, sql); err != nil {
			return err
		}
		return c.sync(ctx)
	}
	// The last statement is complete only once its transaction is.
	if err := c.endTransaction(ctx); err != nil {
		if err := c.fail(ctx, err, sql); err != nil {
			return err
		}
	} else {
		c.drainEvents()
		c.complete(last)
	}
	return c.ready()
}

// runAll runs the statements of a query string, and gives the tag of the last, which is not sent yet; "" for an empty query.
func (c *conn) runAll(ctx context.Context, sql string) (last string, err error) {
	if s := c.recent.find(sql, nil); s != nil {
		return c.runStatement(ctx, s.stmt, nil)
	}
	if s := c.patterned(ctx, sql); s != nil {
		if args, ok := c.pattern.arguments(sql, s.stmt.Params(), c.textEnv()); ok {
			tag, err := c.runStatement(ctx, s.stmt.(engine.Repeatable).As(sql), args)
			return tag, c.pattern.located(err)
		}
	}
	stmts, err := c.parseText(sql)
	if err != nil {
		return "", err
	}
	for i, stmt := range stmts {
		tag, err := c.runOne(ctx, stmt, sql, len(stmts) == 1)
		if err != nil {
			return "", err
		}
		c.drainEvents()
		if i == len(stmts)-1 {
			return tag, nil
		}
		c.complete(tag)
		if err := c.out.spill(); err != nil {
			return "", err
		}
	}
	return "", nil
}

// parseText parses a query string, without its empty statements.
func (c *conn) parseText(sql string) ([]ast.Stmt, error) {
	if !utf8.ValidString(sql) {
		return nil, checkUTF8([]byte(sql))
	}
	stmts, err := c.srv.cfg.Parse(sql)
	if err != nil {
		return nil, err
	}
	kept := stmts[:0]
	for _, s := range stmts {
		if _, empty := s.Statement.(*ast.Empty); !empty {
			kept = append(kept, s)
		}
	}
	return kept, nil
}

// runOne runs a statement of a simple Query. alone says that it is all of the query, and may be kept for when it comes again.
func (c *conn) runOne(ctx context.Context, stmt ast.Stmt, sql string, alone bool) (tag string, err error) {
	st, err := c.sess.Prepare(ctx, stmt, nil)
	if err != nil {
		c.srv.metrics.Statements.Add(1)
		return "", err
	}
	s := &statement{query: sql, stmt: st, users: 1}
	defer s.release()
	if alone {
		c.recent.offer(s, nil)
	}
	return c.runStatement(ctx, st, nil)
}

// patterned gives the statement of a query's pattern, which c.pattern is then, if queries of that pattern come again and again; else nil.
func (c *conn) patterned(ctx context.Context, sql string) *statement {
	if !c.pattern.read(sql) || c.sess.Status() == 'E' || !utf8.ValidString(sql) {
		return nil
	}
	text := string(c.pattern.text)
	var few [maxConstants]uint32
	oids := c.pattern.types(few[:0])
	if s := c.recent.find(text, oids); s != nil {
		return s
	}
	if c.recent.came(sql) || !c.recent.again(text) || c.recent.passBy(text) {
		return nil // a text that itself has come again is kept with its constants, for which there may be a better plan
	}
	s := c.preparePattern(ctx, text, oids)
	if s == nil {
		c.recent.setUnfit(text)
	}
	return s
}

// preparePattern prepares a pattern and keeps it. It is nil where it would not mean what its queries do.
func (c *conn) preparePattern(ctx context.Context, text string, oids []uint32) *statement {
	stmts, err := c.parseText(text)
	if err != nil || len(stmts) != 1 {
		return nil
	}
	params, err := paramTypes(oids)
	if err != nil {
		return nil
	}
	st, err := c.sess.Prepare(ctx, stmts[0], params)
	if err != nil {
		return nil // the query itself has the error that counts
	}
	s := &statement{query: text, stmt: st, users: 1}
	defer s.release()
	if again, ok := st.(engine.Repeatable); !ok || !again.Fresh() {
		return nil
	}
	c.recent.keep(s, oids)
	return s
}

// runStatement runs a statement in text format. Only a pattern's has arguments.
func (c *conn) runStatement(ctx context.Context, st engine.Statement, args []types.Datum) (tag string, err error) {
	c.srv.metrics.Statements.Add(1)
	if len(st.Params()) != len(args) {
		return "", sqlerr.New(sqlerr.UndefinedParameter, "there is no parameter $1").
			WithHint("Parameters need the extended query protocol.")
	}
	p, err := st.Bind(ctx, args)
	if err != nil {
		return "", err
	}
	defer p.Close()
	cols := p.Columns()
	if cols != nil {
		c.out.rowDescription(cols, nil)
	}
	res, err := c.run(ctx, p, cols, nil, 0)
	return res.Tag, err
}

// complete sends CommandComplete, or EmptyQueryResponse for the tag of nothing.
func (c *conn) complete(tag string) {
	if tag == "" {
		c.out.empty('I')
		return
	}
	pos := c.out.begin('C')
	c.out.string(tag)
	c.out.end(pos)
}
