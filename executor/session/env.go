package session

import (
	"context"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// env is what a session's expressions may know.
type env struct{ s *Session }

func (s *Session) env() fn.Env { return env{s} }

// Now implements fn.Env: the time at which the transaction began.
func (e env) Now() int64 { return e.s.startsAt }

// Setting implements fn.Env.
func (e env) Setting(name string) (string, bool) {
	switch name {
	case fn.BackendPID:
		return strconv.FormatUint(uint64(e.s.id), 10), true
	case fn.ServerStart:
		return strconv.FormatInt(e.s.engine.began.UnixMicro(), 10), true
	}
	return e.s.settings.Get(name)
}

// SetSetting implements fn.Env.
func (e env) SetSetting(name, value string, local bool) error {
	return e.s.settings.Set(name, value, local)
}

// Context is that of the statement being run: what waits inside a function (pg_sleep) ends with it.
func (e env) Context() context.Context {
	if ctx := e.s.running.get(); ctx != nil {
		return ctx
	}
	return context.Background()
}

// User implements fn.Env.
func (e env) User() string { return e.s.user }

// Database implements fn.Env.
func (e env) Database() string { return DatabaseName }

// Catalog implements fn.Env.
func (e env) Catalog() fn.Catalog { return lookups(e) }

// current is the catalog as the session's transaction sees it.
func (s *Session) current() *catalog.Catalog {
	if s.tx != nil {
		return s.tx.Catalog()
	}
	return s.engine.db.Catalog()
}

// searchPath is the search path as names: "$user" is the role's.
func (s *Session) searchPath() []string {
	var out []string
	for _, p := range splitNames(s.setting("search_path")) {
		own := p == "$user"
		if own {
			p = s.user
		}
		// The first role is called as the schema of system relations, which is not its own to create in.
		if x, ok := s.current().Schema(p); ok && !(own && x.OID == catalog.StreamDBOID) {
			out = append(out, p)
		}
	}
	return out
}

// splitNames reads a comma-separated list of identifiers, quoted or not.
func splitNames(list string) []string {
	var out []string
	for _, part := range strings.Split(list, ",") {
		part = strings.TrimSpace(part)
		if len(part) >= 2 && part[0] == '"' && part[len(part)-1] == '"' {
			out = append(out, strings.ReplaceAll(part[1:len(part)-1], `""`, `"`))
		} else if part != "" {
			out = append(out, strings.ToLower(part))
		}
	}
	return out
}

// creationSchema is where an unqualified new object goes: the first schema of the path that exists.
func (s *Session) creationSchema() (*catalog.Schema, error) {
	for _, p := range s.searchPath() {
		if x, ok := s.current().Schema(p); ok {
			return x, nil
		}
	}
	return nil, sqlerr.New(sqlerr.InvalidSchemaName, "no schema has been selected to create in")
}
