package expr_test

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// noEnv is a database without anything in it, at 2026-01-02 03:04:05 UTC.
type noEnv struct{}

func (noEnv) Now() int64                            { return 1767323045_000000 }
func (noEnv) Setting(string) (string, bool)         { return "", false }
func (noEnv) SetSetting(string, string, bool) error { return nil }
func (noEnv) User() string                          { return "streamdb" }
func (noEnv) Database() string                      { return "streamdb" }
func (noEnv) Catalog() fn.Catalog                   { return noCatalog{} }

type noCatalog struct{}

func (noCatalog) RelationName(uint32) (schema, name string, visible, ok bool) {
	return "", "", false, false
}
func (noCatalog) ResolveRelation(string) (uint32, bool)                      { return 0, false }
func (noCatalog) Definition(fn.DefinitionKind, uint32, int32) (string, bool) { return "", false }
func (noCatalog) SchemaName(uint32) (string, bool)                           { return "", false }
func (noCatalog) ResolveSchema(string) (uint32, bool)                        { return 0, false }
func (noCatalog) SearchPath(bool) []string                                   { return []string{"public"} }
func (noCatalog) Sequence(string, uint32, int64) (int64, error) {
	return 0, sqlerr.New(sqlerr.UndefinedTable, "no sequence")
}
