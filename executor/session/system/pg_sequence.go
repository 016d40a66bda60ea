package system

import (
	"github.com/streamdb/streamdb/sql/types"
)

var pgSequence = table[class]{
	oid: 2224, name: "pg_sequence",
	columns: `seqrelid oid!, seqtypid oid!, seqstart bigint!, seqincrement bigint!, seqmax bigint!, seqmin bigint!, seqcache bigint!,
		seqcycle boolean!`,
	rows: ofKind(kindSequence),
	values: values[class]{
		"seqrelid":     func(c class) types.Datum { return num(c.oid) },
		"seqtypid":     func(c class) types.Datum { return num(c.rel.SequenceDef.Type.OID()) },
		"seqstart":     func(c class) types.Datum { return num(c.rel.SequenceDef.Start) },
		"seqincrement": func(c class) types.Datum { return num(c.rel.SequenceDef.Increment) },
		"seqmax":       func(c class) types.Datum { return num(c.rel.SequenceDef.Max) },
		"seqmin":       func(c class) types.Datum { return num(c.rel.SequenceDef.Min) },
		"seqcache":     always[class](num(1)),
	},
}

// counted is a sequence with the last value that it gave.
type counted struct {
	named
	last types.Datum
}

// lastValue is null until the sequence has given a value.
func (s *scan) lastValue(c class) (types.Datum, error) {
	if s.Running() == nil {
		return types.Null, nil
	}
	v, called, err := s.Running().Sequences().Last(c.rel)
	if err != nil || !called {
		return types.Null, err
	}
	return num(v), nil
}

var pgSequences = table[counted]{
	oid: 12048, name: "pg_sequences", view: true,
	columns: `schemaname name, sequencename name, sequenceowner name, data_type regtype, start_value bigint, min_value bigint,
		max_value bigint, increment_by bigint, cycle boolean, cache_size bigint, last_value bigint`,
	rows: func(s *scan, emit func(counted) error) error {
		return withNames(kindSequence)(s, func(n named) error {
			last, err := s.lastValue(n.class)
			if err != nil {
				return err
			}
			return emit(counted{n, last})
		})
	},
	values: values[counted]{
		"schemaname":    func(c counted) types.Datum { return str(c.schemaName) },
		"sequencename":  func(c counted) types.Datum { return str(c.name) },
		"sequenceowner": func(c counted) types.Datum { return str(c.owner) },
		"data_type":     func(c counted) types.Datum { return typeOID(c.rel.SequenceDef.Type) },
		"start_value":   func(c counted) types.Datum { return num(c.rel.SequenceDef.Start) },
		"min_value":     func(c counted) types.Datum { return num(c.rel.SequenceDef.Min) },
		"max_value":     func(c counted) types.Datum { return num(c.rel.SequenceDef.Max) },
		"increment_by":  func(c counted) types.Datum { return num(c.rel.SequenceDef.Increment) },
		"cycle":         always[counted](flag(false)),
		"cache_size":    always[counted](num(1)),
		"last_value":    func(c counted) types.Datum { return c.last },
	},
}
