package system

import (
	"fmt"
	"maps"

	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

func workingWith(more values[working]) values[working] {
	v := maps.Clone(workingValues)
	maps.Copy(v, more)
	return v
}

var streamStreams = table[working]{
	oid: 13600, name: "streams", view: true,
	columns: `name text, connector text, status text, error text, frontier bigint, watermark timestamp without time zone, retention text,
		idle_timeout text, schema text, created timestamp with time zone`,
	rows: atWork(catalog.Stream),
	values: workingWith(values[working]{
		"connector":    func(x working) types.Datum { return given(x.rel.Connector) },
		"watermark":    measure(func(r *relation.Relation) types.Datum { return timestamp(r.Watermark()) }),
		"retention":    func(x working) types.Datum { return x.option("retention", "") },
		"idle_timeout": func(x working) types.Datum { return x.option("idle_timeout", "") },
		"created":      func(x working) types.Datum { return num(x.rel.Created) },
	}),
}

var streamViews = table[working]{
	oid: 13601, name: "views", view: true,
	columns: `name text, execution text, status text, error text, frontier bigint, rows bigint, late_rows bigint, lag_ms bigint,
		watermark timestamp without time zone, schema text, state_bytes bigint, model text, model_reason text, computed_by text`,
	rows: atWork(catalog.View),
	values: workingWith(values[working]{
		"execution":    func(x working) types.Datum { return x.option("execution", "pipelined") },
		"rows":         measure(func(r *relation.Relation) types.Datum { return num(r.Rows()) }),
		"late_rows":    working.lateRows,
		"lag_ms":       working.lagMillis,
		"state_bytes":  working.stateBytes,
		"model":        working.model,
		"model_reason": working.modelReason,
		"computed_by":  working.computedBy,
		"watermark":    measure(func(r *relation.Relation) types.Datum { return timestamp(r.Watermark()) }),
	}),
}

var streamSinks = table[working]{
	oid: 13602, name: "sinks", view: true,
	columns: `name text, connector text, execution text, status text, error text, frontier bigint, late_rows bigint, lag_ms bigint, schema text,
		rows bigint, checksum text, state_bytes bigint, model text, model_reason text`,
	rows: atWork(catalog.Sink),
	values: workingWith(values[working]{
		"connector":    func(x working) types.Datum { return given(x.rel.Connector) },
		"execution":    func(x working) types.Datum { return x.option("execution", "pipelined") },
		"late_rows":    working.lateRows,
		"lag_ms":       working.lagMillis,
		"rows":         func(x working) types.Datum { return x.taken().rows },
		"checksum":     func(x working) types.Datum { return x.taken().checksum },
		"state_bytes":  working.stateBytes,
		"model":        working.model,
		"model_reason": working.modelReason,
	}),
}

// takenBySink is what a sink has taken, null where it does not tell; the checksum as sixteen hexadecimal digits.
type takenBySink struct{ rows, checksum types.Datum }

func (x working) taken() takenBySink {
	none := takenBySink{types.Null, types.Null}
	if x.object == nil {
		return none
	}
	t, summed, counts := x.object.Taken()
	if !counts {
		return none
	}
	none.rows = num(t.Rows)
	if summed {
		none.checksum = str(fmt.Sprintf("%016x", t.Checksum))
	}
	return none
}

// stateBytes is the memory that it takes.
func (x working) stateBytes() types.Datum {
	if x.object == nil {
		return types.Null
	}
	return num(x.object.StateBytes())
}
