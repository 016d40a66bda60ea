package pg

import (
	"context"

	"github.com/jackc/pgproto3/v2"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// extended ends an extended-protocol command: after an error everything up to Sync is skipped.
func (c *conn) extended(ctx context.Context, query string, err error) error {
	if err == nil {
		return c.out.spill()
	}
	c.skipping = true
	if err := c.fail(ctx, err, query); err != nil {
		return err
	}
	return c.out.flush() // its client may wait for it without having sent Sync
}

// parse serves Parse.
func (c *conn) parse(ctx context.Context, m *pgproto3.Parse) error {
	if m.Name == "" {
		c.prepared.closeStatement("")
	} else if c.prepared.statements[m.Name] != nil {
		return sqlerr.New(sqlerr.DuplicatePreparedStatement, "prepared statement \"%s\" already exists", m.Name)
	} else if limit := c.srv.cfg.Limits.MaxStatements; len(c.prepared.statements) >= limit {
		return tooMany("prepared statements", limit, settingMaxStatements)
	}
	s, err := c.parsed(ctx, m)
	if err != nil {
		return err
	}
	c.prepared.addStatement(s)
	c.out.empty('1')
	return nil
}

// parsed gives the statement of a Parse message: one without a name may be had from its last use.
func (c *conn) parsed(ctx context.Context, m *pgproto3.Parse) (*statement, error) {
	if m.Name == "" {
		if s := c.recent.find(m.Query, m.ParameterOIDs); s != nil {
			return s, nil
		}
	}
	stmts, err := c.parseText(m.Query)
	if err != nil {
		return nil, err
	}
	if len(stmts) > 1 {
		return nil, sqlerr.New(sqlerr.SyntaxError, "cannot insert multiple commands into a prepared statement")
	}
	s := &statement{name: m.Name, query: m.Query}
	if len(stmts) == 0 {
		return s, nil
	}
	params, err := paramTypes(m.ParameterOIDs)
	if err != nil {
		return nil, err
	}
	s.ends = endsTransaction(stmts[0].Statement)
	if s.stmt, err = c.sess.Prepare(ctx, stmts[0], params); err != nil {
		return nil, err
	}
	if m.Name == "" {
		c.recent.offer(s, m.ParameterOIDs)
	}
	return s, nil
}

func tooMany(what string, limit int, setting string) error {
	return sqlerr.New(sqlerr.ConfigurationLimitExceeded, "the session holds %d %s, which is the limit", limit, what).
		WithHint("Close some, or raise the setting %s.", setting)
}

// paramTypes are the types a client fixed in Parse.
func paramTypes(oids []uint32) ([]types.Type, error) {
	if len(oids) == 0 {
		return nil, nil
	}
	params := make([]types.Type, len(oids))
	for i, oid := range oids {
		if oid == 0 {
			continue
		}
		t, ok := types.ByOID(oid)
		if !ok {
			return nil, sqlerr.New(sqlerr.UndefinedObject, "type with OID %d does not exist", oid)
		}
		params[i] = t
	}
	return params, nil
}

// describe serves Describe of both kinds.
func (c *conn) describe(m *pgproto3.Describe) error {
	switch m.ObjectType {
	case 'S':
		s, err := c.prepared.statement(m.Name)
		if err != nil {
			return err
		}
		return c.describeStatement(s)
	case 'P':
		p, err := c.prepared.findPortal(m.Name)
		if err != nil {
			return err
		}
		var cols []engine.Column
		if p.portal != nil {
			cols = p.portal.Columns()
		}
		if err := c.refuseFailed(cols == nil); err != nil {
			return err
		}
		c.rowsOrNoData(cols, p.formats)
	default:
		return sqlerr.New(sqlerr.ProtocolViolation, "invalid DESCRIBE message subtype %d", m.ObjectType)
	}
	return nil
}

func (c *conn) describeStatement(s *statement) error {
	var params []types.Type
	var cols []engine.Column
	if s.stmt != nil {
		params, cols = s.stmt.Params(), s.stmt.Columns()
	}
	if err := c.refuseFailed(cols == nil); err != nil {
		return err
	}
	pos := c.out.begin('t')
	c.out.int16(len(params))
	for _, t := range params {
		c.out.uint32(t.OID())
	}
	c.out.end(pos)
	c.rowsOrNoData(cols, nil)
	return nil
}

func (c *conn) rowsOrNoData(cols []engine.Column, formats []int16) {
	if cols == nil {
		c.out.empty('n')
		return
	}
	c.out.rowDescription(cols, formats)
}

// rowDescription appends a RowDescription; formats are as in Bind: none, one for all, or one each.
func (o *out) rowDescription(cols []engine.Column, formats []int16) {
	pos := o.begin('T')
	o.int16(len(cols))
	for i, col := range cols {
		o.string(col.Name)
		o.uint32(col.Table)
		o.int16(int(col.Attr))
		o.uint32(col.Type.OID())
		o.int16(int(col.Type.TypLen()))
		o.int32(int(col.Type.Typmod()))
		o.int16(int(formatOf(formats, i)))
	}
	o.end(pos)
}

// formatOf is the format of the i-th value by a list of none, one for all, or one each.
func formatOf(formats []int16, i int) int16 {
	switch len(formats) {
	case 0:
		return 0
	case 1:
		return formats[0]
	}
	return formats[i]
}

// closeNamed serves Close: closing what is not there is no error.
func (c *conn) closeNamed(m *pgproto3.Close) error {
	switch m.ObjectType {
	case 'S':
		c.prepared.closeStatement(m.Name)
	case 'P':
		c.prepared.closePortal(m.Name)
	default:
		return sqlerr.New(sqlerr.ProtocolViolation, "invalid CLOSE message subtype %d", m.ObjectType)
	}
	c.out.empty('3')
	return nil
}
