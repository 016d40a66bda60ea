package fn

import (
	"strings"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

// Use sets the surroundings for the evaluations to come.
func (c *Ctx) Use(env Env) { c.Env, c.text = env, nil }

// values is what the text of a value depends on: zone, clock and catalog, taken from Env once an evaluation.
func (c *Ctx) values() *types.Env {
	if c.text == nil {
		c.text = &types.Env{Zone: time.UTC}
		if c.Env != nil {
			c.text.Now = c.Env.Now()
			c.text.Names = names{c.Env}
			if zone, ok := c.Env.Setting("TimeZone"); ok {
				if loc, err := datetime.Zone(zone); err == nil {
					c.text.Zone = loc
				}
			}
		}
	}
	return c.text
}

func (c *Ctx) zone() *time.Location { return c.values().Zone }

// appendText appends the text of a value that is not null.
func (c *Ctx) appendText(dst []byte, t types.Type, d types.Datum) []byte {
	return c.values().AppendText(dst, t, d)
}

// Text is the text of a value that is not null, as the surroundings' session sees it.
func (c *Ctx) Text(t types.Type, d types.Datum) string { return string(c.appendText(nil, t, d)) }

// names looks names of the reg* types up in the catalog.
type names struct{ env Env }

func (n names) OIDOf(t types.ID, name string) (uint32, error) {
	cat := n.env.Catalog()
	switch t {
	case types.Regclass:
		if oid, ok := cat.ResolveRelation(name); ok {
			return oid, nil
		}
		return 0, sqlerr.New(sqlerr.UndefinedTable, `relation "%s" does not exist`, name)
	case types.Regnamespace:
		if oid, ok := cat.ResolveSchema(name); ok {
			return oid, nil
		}
		return 0, sqlerr.New(sqlerr.InvalidSchemaName, `schema "%s" does not exist`, name)
	case types.Regrole:
		if name == n.env.User() {
			return OwnerOID, nil
		}
		return 0, sqlerr.New(sqlerr.UndefinedObject, `role "%s" does not exist`, name)
	case types.Regproc, types.Regprocedure:
		return procOID(name)
	}
	return 0, sqlerr.New(sqlerr.UndefinedObject, `%s "%s" does not exist`, types.Format(types.T(t)), name)
}

func procOID(name string) (uint32, error) {
	base, _, _ := strings.Cut(name, "(")
	base = strings.TrimPrefix(base, "pg_catalog.")
	if fs := allFunctions.named(base); len(fs) > 0 {
		return allFunctions.number(fs[0]), nil
	}
	return 0, sqlerr.New(sqlerr.UndefinedFunction, `function "%s" does not exist`, name)
}

func (n names) NameOf(t types.ID, oid uint32) (string, bool) {
	cat := n.env.Catalog()
	switch t {
	case types.Regclass:
		schema, name, visible, ok := cat.RelationName(oid)
		if ok && !visible {
			return quoteIdent(schema) + "." + quoteIdent(name), true
		}
		return quoteIdent(name), ok
	case types.Regnamespace:
		name, ok := cat.SchemaName(oid)
		return quoteIdent(name), ok
	case types.Regrole:
		return quoteIdent(n.env.User()), oid == OwnerOID
	case types.Regproc, types.Regprocedure:
		if f := allFunctions.numbered(oid); f != nil {
			return f.Name, true
		}
	}
	return "", false
}

// OwnerOID is the OID of the one role that owns everything.
const OwnerOID = 10
