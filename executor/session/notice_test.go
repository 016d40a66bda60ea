package session

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// TestNoticeOfUnboundedJoins: CREATE VIEW names the join whose state grows for ever, and what would bound it; of one that is bounded it
// says nothing.
func TestNoticeOfUnboundedJoins(t *testing.T) {
	c := connect(t, openEngine(t))
	c.exec("CREATE STREAM a (k int, at timestamp, WATERMARK FOR at AS at)", "CREATE STREAM b (k int, at timestamp, WATERMARK FOR at AS at)",
		"CREATE STREAM c (k int)", "CREATE TABLE item (k int PRIMARY KEY, name text)")
	for _, x := range []struct{ query, notice string }{
		{"SELECT a.k FROM a JOIN b ON a.k = b.k", "the state of the join of a and b grows without bound: it keeps all rows of both inputs; " +
			"to bound it, compare its times, as in a.at BETWEEN b.at - INTERVAL '1 hour' AND b.at + INTERVAL '1 hour'"},
		{"SELECT a.k FROM a JOIN c ON a.k = c.k", "the state of the join of a and c grows without bound: it keeps all rows of both inputs; " +
			"to bound it, declare a WATERMARK on c, and compare the times of both sides"},
		{"SELECT a.k, i.name FROM a JOIN item i ON a.k = i.k", "the state of the join of a and item grows without bound: it keeps all rows of its left input; " +
			"to bound it, join FOR SYSTEM_TIME AS OF PROCTIME(), which later changes of item do not revise"},
		{"SELECT a.k FROM TUMBLE(a, at, INTERVAL '1 minute') a JOIN TUMBLE(b, at, INTERVAL '1 minute') b ON a.k = b.k",
			"the state of the join of a and b grows without bound: it keeps all rows of both inputs; to bound it, join equal windows: compare window_start and window_end of both"},
		{"SELECT a.k FROM a ASOF JOIN c MATCH_CONDITION (a.k >= c.k)", "the state of the join of a and c grows without bound: it keeps all rows of both inputs; " +
			"to bound it, give both times a WATERMARK and look back: MATCH_CONDITION (a.at >= b.at)"},
		{"SELECT a.k FROM a JOIN b ON a.k = b.k AND b.at BETWEEN a.at AND a.at + INTERVAL '1 hour'", ""},
		{"SELECT a.k FROM a ASOF JOIN b MATCH_CONDITION (a.at >= b.at) ON a.k = b.k", ""},
		{"SELECT a.k, i.name FROM a JOIN item FOR SYSTEM_TIME AS OF PROCTIME() AS i ON a.k = i.k", ""},
	} {
		c.Events()
		c.exec("CREATE VIEW v AS " + x.query)
		var said []string
		for _, e := range c.Events() {
			if e.Notice != nil {
				require.Equal(t, sqlerr.Notice, e.Notice.Severity)
				said = append(said, e.Notice.Message)
			}
		}
		if x.notice == "" {
			require.Empty(t, said, x.query)
		} else {
			require.Equal(t, []string{x.notice}, said, x.query)
		}
		c.exec("DROP VIEW v")
	}
}
