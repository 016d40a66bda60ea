package database

import (
	"slices"
	"sync"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
)

// lateKept is how many late rows of all views are kept; older ones go. They are counted per view all the same.
const lateKept = 10_000

// LateRow is a row that a view has left out.
type LateRow struct {
	View uint32 // its computation
	// Cut is the view's cut in whose step it came.
	Cut uint64
	// Watermark is the one that it was behind; op.NoWatermark of a row that windows refuse since it has no event time.
	Watermark int64
	// Row is the text of the row as it came to the operator that left it out.
	Row string
}

// lateRows are the newest late rows since the start.
type lateRows struct {
	mu   sync.Mutex
	list []LateRow
	next int // where the oldest is, once the list is full
}

// of is what takes the late rows of a view.
func (l *lateRows) of(view uint32) func(cut uint64, rows []driver.LateRows) {
	return func(cut uint64, rows []driver.LateRows) {
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, x := range rows {
			for i := range x.Rows.N {
				l.add(LateRow{View: view, Cut: cut, Watermark: x.Watermark, Row: vec.RowText(x.Rows, i)})
			}
		}
	}
}

func (l *lateRows) add(r LateRow) {
	if len(l.list) < lateKept {
		l.list = append(l.list, r)
		return
	}
	l.list[l.next] = r
	l.next = (l.next + 1) % lateKept
}

// forget drops the rows of a view: they count now, or come anew.
func (l *lateRows) forget(view uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	ordered := append(l.list[l.next:len(l.list):len(l.list)], l.list[:l.next]...)
	l.list, l.next = slices.DeleteFunc(ordered, func(r LateRow) bool { return r.View == view }), 0
}

// LateRows are the newest rows that views have left out since the start, oldest first.
func (d *Database) LateRows() []LateRow {
	d.late.mu.Lock()
	defer d.late.mu.Unlock()
	return append(append([]LateRow(nil), d.late.list[d.late.next:]...), d.late.list[:d.late.next]...)
}

// Reason is why the row was left out.
func (r LateRow) Reason() string {
	if r.Watermark == op.NoWatermark {
		return "no event time"
	}
	return "late"
}
