package fn

import "github.com/streamdb/streamdb/sql/types"

// TextEnv is what the text of values depends on in these surroundings: the time zone, the clock, the names of the catalog.
func TextEnv(e Env) *types.Env {
	c := Ctx{Env: e}
	return c.values()
}
