package driver

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
)

// maxLate is how many late rows of one task and step are handed over; all are counted.
const maxLate = 1000

// LateRows are rows that an operator has left out, with the watermark that they were behind: op.NoWatermark of rows that windows
// refuse because they have no time.
type LateRows struct {
	Rows      *vec.Batch
	Watermark int64
}

// Late collects the late rows of a task's step.
type Late struct {
	list []LateRows
	rows int
}

// Watch has the operators of a context tell of late rows.
func (l *Late) Watch(ctx *op.Context) { ctx.Late = l.add }

func (l *Late) add(b *vec.Batch, rows []int32, watermark int64) {
	rows = rows[:min(len(rows), maxLate-l.rows)]
	if len(rows) == 0 {
		return
	}
	l.rows += len(rows)
	kept := vec.NewBatch(b.Types(), len(rows))
	kept.AppendRows(b, rows)
	l.list = append(l.list, LateRows{kept, watermark})
}

// Take gives what has been collected, to keep.
func (l *Late) Take() []LateRows {
	out := l.list
	l.list, l.rows = nil, 0
	return out
}
