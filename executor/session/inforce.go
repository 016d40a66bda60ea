package session

import (
	"time"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// inForce are the settings that every statement looks at, read from their texts once a change.
type inForce struct {
	version uint64 // of the settings that this is read from, plus one; 0: nothing was read yet
	modes   modes  // of a new transaction
	// statementTimeout and lockTimeout bound waits; 0 is for ever.
	statementTimeout, lockTimeout time.Duration
	latest                        bool // read_consistency
	sync                          bool // synchronous_commit
	// planning are the values that the meaning of a statement depends on.
	planning planning
	text     types.Env
}

// planning are the settings that analysing a statement reads: a plan holds for these alone.
type planning struct{ searchPath, zone string }

// settled are the settings in force.
func (s *Session) settled() *inForce {
	x := &s.inForce
	if v := s.settings.Version() + 1; x.version != v {
		*x = inForce{version: v,
			modes:            modes{isolation: isolations[s.setting("default_transaction_isolation")], readOnly: s.setting("default_transaction_read_only") == "on"},
			statementTimeout: s.duration("statement_timeout"), lockTimeout: s.duration("lock_timeout"),
			latest: s.setting("read_consistency") == "latest", sync: s.setting("synchronous_commit") != "off",
			planning: planning{s.setting("search_path"), s.setting("TimeZone")}, text: *fn.TextEnv(s.env())}
	}
	return x
}

// TextEnv implements engine.Texter.
func (s *Session) TextEnv() *types.Env {
	s.setTime()
	x := &s.settled().text
	x.Now, x.Relative = s.startsAt, false
	return x
}
