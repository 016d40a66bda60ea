package pg

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// encoderFor appends values of a type, which are not null, in one of the formats.
func encoderFor(t types.Type, format int16, env *types.Env) vec.Encoder {
	if format == formatBinary {
		return vec.BinaryEncoder(t)
	}
	return vec.TextEncoder(t, env)
}

// textEnv is what the session's texts depend on.
func (c *conn) textEnv() *types.Env {
	if c.texter == nil {
		return nil
	}
	return c.texter.TextEnv()
}
