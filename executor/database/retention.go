package database

import (
	"time"

	"github.com/streamdb/streamdb/sql/catalog"
)

// Retention is how long a stream's rows are kept; ok is false for one that keeps them for ever.
func Retention(r *catalog.Relation) (keep time.Duration, ok bool) {
	text, ok := r.Option("retention")
	if r.Kind != catalog.Stream || !ok {
		return 0, false
	}
	return duration(text)
}
