package system

// Relations whose mechanism does not exist yet: micro-batches, and late rows one by one. They have their columns, so that queries over
// them can be written.
var (
	streamBatches = absent{
		oid: 13606, name: "batches", view: true,
		columns: `view text, epoch bigint, started timestamp with time zone, input_rows bigint, planning interval, scheduling interval, run interval,
			commit interval, retries integer, speculative integer`,
	}
	streamLateRows = absent{
		oid: 13607, name: "late_rows", view: true,
		columns: `view text, watermark timestamp without time zone, row text`,
	}
)
