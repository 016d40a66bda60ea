package physical

// SessionAggregate groups its input, whose last columns are a Stamp's, by sessions and what they are partitioned by. The output has the
// keys, PartitionBy of the session, then its start and end, then a column for each call. The input is append-only and all calls can be merged, so
// that no rows need be kept: where sessions meet, so do their aggregates.
type SessionAggregate struct {
	Session
	Calls []AggCall
}

// Kind implements Op.
func (*SessionAggregate) Kind() string { return "SessionAggregate" }
