package database

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// ViewEnv is what expressions of views may know: nothing that changes. The planner refuses what would ask for more, so an
// answer here is never seen; it only must be the same at every time.
type ViewEnv struct{}

func (ViewEnv) Now() int64                    { return 0 }
func (ViewEnv) Setting(string) (string, bool) { return "", false }
func (ViewEnv) User() string                  { return defaultOwner }
func (ViewEnv) Database() string              { return "streamdb" }
func (ViewEnv) Catalog() fn.Catalog           { return noCatalog{} }
func (ViewEnv) SetSetting(name, _ string, _ bool) error {
	return sqlerr.New(sqlerr.FeatureNotSupported, "a view cannot change the setting %q", name)
}

// noCatalog is a catalog in which nothing is found.
type noCatalog struct{ fn.Catalog }

func (noCatalog) RelationName(uint32) (string, string, bool, bool) { return "", "", false, false }
func (noCatalog) ResolveRelation(string) (uint32, bool)            { return 0, false }
func (noCatalog) SchemaName(uint32) (string, bool)                 { return "", false }
func (noCatalog) ResolveSchema(string) (uint32, bool)              { return 0, false }
func (noCatalog) SearchPath(bool) []string                         { return nil }
func (noCatalog) Definition(fn.DefinitionKind, uint32, int32) (string, bool) {
	return "", false
}
