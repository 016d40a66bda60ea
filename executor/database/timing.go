package database

import (
	"strings"
	"time"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/sql/catalog"
)

// DefaultMaxAhead is the max_ahead of a stream that does not say.
const DefaultMaxAhead = 24 * time.Hour

// ByClock is the idle_advance that has the watermark of an idle stream go on with the clock.
const ByClock = "clock"

// DefaultAlignment is the alignment_limit of a stream that does not say.
const DefaultAlignment = 5 * time.Minute

// Alignment is how far a stream's source may be ahead, in event time, of another that feeds the same view; 0: any distance.
func Alignment(r *catalog.Relation) time.Duration {
	if text, ok := r.Option("alignment_limit"); ok {
		if d, ok := duration(text); ok {
			return d
		}
	}
	return DefaultAlignment
}

// MaxAhead is how far a row of a stream may be ahead of the server's clock to move the watermark.
func MaxAhead(r *catalog.Relation) time.Duration {
	if text, ok := r.Option("max_ahead"); ok {
		if d, ok := duration(text); ok {
			return d
		}
	}
	return DefaultMaxAhead
}

// Timing is how a stream's watermark goes on while no rows come.
func Timing(r *catalog.Relation) (t epoch.Timing) {
	if text, ok := r.Option("idle_timeout"); ok {
		t.Idle, _ = duration(text)
	}
	text, _ := r.Option("idle_advance")
	t.ByClock = strings.EqualFold(text, ByClock)
	return t
}
