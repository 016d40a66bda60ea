package pgcopy

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/format"
	"github.com/streamdb/streamdb/storage/format/delimited"
	"github.com/streamdb/streamdb/storage/format/pgbinary"
)

// Decoder makes the decoder of a COPY FROM. env is the session's, or nil.
func (o *Options) Decoder(env *types.Env) format.Decoder {
	if o.Binary {
		return pgbinary.NewDecoder(o.target.Table, o.target.Columns)
	}
	d := o.delimited
	d.Context = "COPY " + o.target.Table
	return delimited.NewDecoder(d, o.target.Columns, env)
}

// Encoder makes the encoder of a COPY TO. env is the session's, or nil.
func (o *Options) Encoder(env *types.Env) format.Encoder {
	if o.Binary {
		return pgbinary.NewEncoder(o.target.Columns)
	}
	return delimited.NewEncoder(o.delimited, o.target.Columns, env)
}
