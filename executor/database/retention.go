package database

import (
	"time"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

// Retention is how long a stream's rows are kept; ok is false for one that keeps them for ever.
func Retention(r *catalog.Relation) (keep time.Duration, ok bool) {
	text, ok := r.Option("retention")
	if r.Kind != catalog.Stream || !ok {
		return 0, false
	}
	d, err := (*types.Env)(nil).ParseText(types.T(types.Interval), []byte(text))
	if err != nil {
		return 0, false // refused when the stream was created
	}
	months, days, micros := d.W.Interval()
	return time.Duration(months)*30*24*time.Hour + time.Duration(days)*24*time.Hour + time.Duration(micros)*time.Microsecond, true
}
