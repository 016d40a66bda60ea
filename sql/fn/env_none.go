package fn

import "github.com/streamdb/streamdb/sql/sqlerr"

// env is the surroundings, or those of no database where none were given: constant folding, tests. So no function has to
// ask whether there are any.
func (c *Ctx) env() Env {
	if c.Env == nil {
		return noEnv{}
	}
	return c.Env
}

// noEnv is a database without a session and without objects.
type noEnv struct{}

func (noEnv) Now() int64                    { return 0 }
func (noEnv) Setting(string) (string, bool) { return "", false }
func (noEnv) User() string                  { return "" }
func (noEnv) Database() string              { return "" }
func (noEnv) Catalog() Catalog              { return noCatalog{} }

func (noEnv) SetSetting(name, _ string, _ bool) error {
	return sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, `parameter "%s" cannot be set here`, name)
}

type noCatalog struct{}

func (noCatalog) RelationName(uint32) (schema, name string, visible, ok bool) {
	return "", "", false, false
}
func (noCatalog) ResolveRelation(string) (oid uint32, ok bool)            { return 0, false }
func (noCatalog) Definition(DefinitionKind, uint32, int32) (string, bool) { return "", false }
func (noCatalog) SchemaName(uint32) (name string, ok bool)                { return "", false }
func (noCatalog) ResolveSchema(string) (oid uint32, ok bool)              { return 0, false }
func (noCatalog) SearchPath(bool) []string                                { return nil }

func (noCatalog) Sequence(op string, _ uint32, _ int64) (int64, error) {
	return 0, sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "%s is not available here", op)
}
