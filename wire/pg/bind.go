package pg

import (
	"context"
	"fmt"

	"github.com/jackc/pgproto3/v2"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// The formats of values.
const (
	formatText   = 0
	formatBinary = 1
)

// wrongBinary is the message of bytes that are too many for their type, to which Bind adds where they were.
const wrongBinary = "incorrect binary data format"

// bind serves Bind.
func (c *conn) bind(ctx context.Context, m *pgproto3.Bind) error {
	s, missing := c.prepared.statement(m.PreparedStatement)
	if missing != nil {
		return c.extended(ctx, "", missing)
	}
	return c.extended(ctx, s.query, c.bindStatement(ctx, s, m))
}

// bindStatement makes a portal of a statement.
func (c *conn) bindStatement(ctx context.Context, s *statement, m *pgproto3.Bind) error {
	if err := c.freePortal(m.DestinationPortal); err != nil {
		return err
	}
	p := &portal{of: s, formats: m.ResultFormatCodes}
	if err := c.bindPortal(ctx, p, m); err != nil {
		return err
	}
	c.prepared.addPortal(m.DestinationPortal, p)
	c.out.empty('2')
	return nil
}

// freePortal makes sure that a portal of this name can be made: a new unnamed one replaces the old.
func (c *conn) freePortal(name string) error {
	if name == "" {
		c.prepared.closePortal("")
		return nil
	}
	if c.prepared.portals[name] != nil {
		return sqlerr.New(sqlerr.DuplicateCursor, "cursor \"%s\" already exists", name)
	}
	if limit := c.srv.cfg.Limits.MaxPortals; len(c.prepared.portals) >= limit {
		return tooMany("portals", limit, settingMaxPortals)
	}
	return nil
}

// bindPortal makes the engine's portal from a Bind message.
func (c *conn) bindPortal(ctx context.Context, p *portal, m *pgproto3.Bind) error {
	var params []types.Type
	if p.of.stmt != nil {
		params = p.of.stmt.Params()
	}
	if n := len(m.ParameterFormatCodes); n > 1 && n != len(m.Parameters) {
		return sqlerr.New(sqlerr.ProtocolViolation, "bind message has %d parameter formats but %d parameters", n, len(m.Parameters))
	}
	if len(m.Parameters) != len(params) {
		return sqlerr.New(sqlerr.ProtocolViolation,
			"bind message supplies %d parameters, but prepared statement \"%s\" requires %d", len(m.Parameters), p.of.name, len(params))
	}
	if p.of.stmt == nil {
		return nil
	}
	if err := c.refuseFailed(p.of.ends); err != nil {
		return err
	}
	args, err := arguments(m, params, c.textEnv())
	if err != nil {
		return err
	}
	if p.portal, err = p.of.stmt.Bind(ctx, args); err != nil {
		return err
	}
	if n, columns := len(p.formats), len(p.portal.Columns()); n > 1 && n != columns {
		p.portal.Close()
		return sqlerr.New(sqlerr.ProtocolViolation, "bind message has %d result formats but query has %d columns", n, columns)
	}
	return nil
}

// arguments decodes the values of a Bind message.
func arguments(m *pgproto3.Bind, params []types.Type, env *types.Env) ([]types.Datum, error) {
	if len(params) == 0 {
		return nil, nil
	}
	args := make([]types.Datum, len(params))
	for i, raw := range m.Parameters {
		var err error
		if args[i], err = argument(params[i], raw, formatOf(m.ParameterFormatCodes, i), env); err != nil {
			return nil, inParameter(err, m, i)
		}
	}
	return args, nil
}

// argument decodes one value; nil is null. The value shares nothing with raw.
func argument(t types.Type, raw []byte, format int16, env *types.Env) (types.Datum, error) {
	switch {
	case raw == nil:
		return types.Null, nil
	case format == formatBinary:
		return types.ParseBinary(t, raw)
	case format != formatText:
		return types.Null, unsupportedFormat(format)
	}
	if err := checkUTF8(raw); err != nil {
		return types.Null, err
	}
	return env.ParseText(t, raw)
}

func unsupportedFormat(format int16) error {
	return sqlerr.New(sqlerr.InvalidParameterValue, "unsupported format code: %d", format)
}

// inParameter says in an error which parameter it is about, in PostgreSQL's words: a text's value is hinted at, not shown.
func inParameter(err error, m *pgproto3.Bind, i int) error {
	e := *sqlerr.From(err)
	portal := "unnamed portal"
	if m.DestinationPortal != "" {
		portal = "portal \"" + m.DestinationPortal + "\""
	}
	value := ""
	if formatOf(m.ParameterFormatCodes, i) == formatText {
		value = " = '...'"
	}
	if e.Message == wrongBinary {
		e.Message += fmt.Sprintf(" in bind parameter %d", i+1)
	}
	return e.WithWhere("%s parameter $%d%s", portal, i+1, value)
}

// checkFormats checks the codes of result formats. Their number was checked at Bind; like PostgreSQL we read the codes when
// rows are to be sent.
func checkFormats(formats []int16) error {
	for _, f := range formats {
		if f != formatText && f != formatBinary {
			return unsupportedFormat(f)
		}
	}
	return nil
}
