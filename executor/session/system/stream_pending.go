package system

// Late rows one by one are not kept yet. The relation has its columns, so that queries over it can be written.
var (
	streamLateRows = absent{
		oid: 13607, name: "late_rows", view: true,
		columns: `view text, watermark timestamp without time zone, row text`,
	}
)
