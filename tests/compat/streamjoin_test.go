package compat_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// streamJoin is a join of streams a and b in time. For PostgreSQL a and b are what is not late for it.
type streamJoin struct {
	// sql is StreamDB's query, and postgres PostgreSQL's where it is another one.
	sql, postgres string
	// onTime is when a row is not late, by the watermark wm of its stream or wmin of both when its epoch began; empty if its time must not be
	// before wm.
	onTime string
	// closed is the column of a time by which the rows are ordered that come when they are final; empty if they come at once.
	closed string
}

const (
	within  = "a.k = b.k AND b.at BETWEEN a.at - INTERVAL '3 seconds' AND a.at + INTERVAL '5 seconds'"
	lasting = "a.k = b.k AND b.at BETWEEN a.at - INTERVAL '1 second' AND a.until"
	overlap = "a.k = b.k AND a.at < b.until AND b.at < a.until"
	windowA = "TUMBLE(a, at, INTERVAL '10 seconds') a"
	windowB = "TUMBLE(b, at, INTERVAL '10 seconds') b"
	equal   = "a.k = b.k AND a.window_start = b.window_start AND a.window_end = b.window_end"
	equalPG = "a.k = b.k AND date_bin('10 seconds', a.at, '1970-01-01') = date_bin('10 seconds', b.at, '1970-01-01')"
)

// streamJoins are the joins that are tested.
func streamJoins() (list []streamJoin) {
	for _, kind := range []string{"", "LEFT", "RIGHT", "FULL"} {
		from := func(on string) string { return kind + " JOIN b ON " + on }
		interval := "SELECT a.k, a.at, a.v, b.at AS bat, b.v AS w FROM a " + from(within)
		list = append(list, streamJoin{sql: interval})
		if kind == "LEFT" {
			list = append(list, streamJoin{sql: interval, closed: "at"})
		}
		ended := "SELECT a.k, a.at, a.v, b.at AS bat, b.v AS w, coalesce(a.at, b.at) AS c FROM a "
		list = append(list, streamJoin{sql: ended + from(lasting)}, streamJoin{sql: ended + from(lasting), closed: "c"})
		if kind == "" || kind == "FULL" {
			list = append(list, streamJoin{sql: ended + from(overlap), closed: []string{"", "c"}[len(kind)/4]})
		}
		rows := "SELECT a.k, a.at, b.at AS bat, coalesce(a.at, b.at) AS c FROM "
		window := streamJoin{sql: rows + windowA + " " + kind + " JOIN " + windowB + " ON " + equal, postgres: rows + "a " + from(equalPG), onTime: inWindow}
		list = append(list, window)
		window.closed = "c"
		list = append(list, window)
	}
	for _, not := range []string{"", "NOT "} {
		exists := "SELECT a.k, a.at, a.v FROM a WHERE " + not + "EXISTS (SELECT FROM b WHERE " + within + " AND a.v <= b.v)"
		list = append(list, streamJoin{sql: exists}, streamJoin{sql: exists, closed: "at"})
	}
	list = append(list,
		streamJoin{sql: "SELECT a.at, b.at AS bat FROM a, b WHERE b.at - a.at BETWEEN INTERVAL '0' AND INTERVAL '1 second'"},
		streamJoin{sql: "SELECT window_end, count(*), sum(v) FROM TUMBLE((SELECT a.at, b.v FROM a JOIN b ON " + within + "), at, INTERVAL '10 seconds') GROUP BY window_start, window_end",
			postgres: "SELECT date_bin('10 seconds', a.at, '1970-01-01') + INTERVAL '10 seconds' AS window_end, count(*), sum(b.v) FROM a JOIN b ON " + within + " GROUP BY 1", closed: "window_end"},
		streamJoin{sql: "SELECT x.at, c.at AS cat FROM (SELECT a.k, a.at, b.at AS bat FROM a LEFT JOIN b ON " + within + ") x LEFT JOIN b c ON c.k = x.k AND c.at BETWEEN x.at - INTERVAL '4 seconds' AND x.at"})
	for _, compare := range []string{">=", ">"} {
		nearest := streamJoin{sql: "SELECT a.k, a.at, a.v, b.at AS bat, b.v AS w FROM a LEFT ASOF JOIN b MATCH_CONDITION (a.at " + compare + " b.at) ON a.k = b.k",
			postgres: "SELECT a.k, a.at, a.v, b.at AS bat, b.v AS w FROM a LEFT JOIN LATERAL (SELECT * FROM b WHERE a.k = b.k AND a.at " + compare + " b.at ORDER BY b.at DESC, b.k, b.v LIMIT 1) b ON true"}
		list = append(list, nearest)
		nearest.closed = "at"
		list = append(list, nearest)
	}
	return append(list, streamTrees()...)
}

// TestStreamJoins joins streams whose rows come out of order, in batches of random sizes, and compares the views with PostgreSQL's joins
// of the rows that were not late when they came: those at least at their stream's watermark, or in a window that it had not reached.
func TestStreamJoins(t *testing.T) {
	p := newPair(t)
	late := 0
	for i := range *rounds {
		seed := *first + uint64(i)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s := &streamJoinRound{pair: pair{t: t, oracle: p.oracle, db: p.db}, rng: rand.New(rand.NewPCG(seed, 7))}
			defer s.drop()
			s.run()
			late += s.late
		})
	}
	require.NotZero(t, late, "rows late by windows")
}

type streamJoinRound struct {
	pair
	rng *rand.Rand
	// now is about how far time has come, in milliseconds, high the latest row of each stream.
	now  int64
	high [2]int64
	// late is how many rows were so even by their windows.
	late int
}

// trails is how far a watermark trails behind the latest row.
const trails = 4_000

func (s *streamJoinRound) run() {
	for _, name := range []string{"a", "b"} {
		run(s.t, s.db, "CREATE STREAM "+name+" (k int, at timestamp, v int, until timestamp, WATERMARK FOR at AS at - INTERVAL '4 seconds')")
		run(s.t, s.oracle, "CREATE TABLE every_"+name+" (k int, at timestamp, v int, until timestamp, wm timestamp, wmin timestamp)")
	}
	for _, c := range []*pgconn.PgConn{s.db, s.oracle} {
		run(s.t, c, "CREATE TABLE t (k int PRIMARY KEY, name text)")
	}
	s.high = [2]int64{-trails - 1<<40, -trails - 1<<40}
	joins := streamJoins()
	for i, j := range joins {
		s.create(fmt.Sprintf("early_%d", i), j, []string{"pipelined", "microbatch"}[i%2])
	}
	for range 6 {
		for range s.rng.IntN(8) {
			s.insert(s.rng.IntN(2), 1+s.rng.IntN(6))
			s.change()
		}
		if i := s.rng.IntN(len(joins)); s.rng.IntN(2) == 0 {
			run(s.t, s.db, fmt.Sprintf("ALTER VIEW early_%d SET (execution = '%s')", i, []string{"pipelined", "microbatch"}[s.rng.IntN(2)]))
		}
		s.compare(joins, "early")
	}
	for port := range 2 { // so that everything before is final
		s.now = 1_000_000
		s.insert(port, 1)
	}
	for i, j := range joins {
		s.create(fmt.Sprintf("later_%d", i), j, []string{"microbatch", "pipelined"}[i%2])
	}
	s.compare(joins, "early")
	s.compare(joins, "later")
}

// drop drops what the round has made.
func (s *streamJoinRound) drop() {
	for _, name := range []string{"a", "b"} {
		answer(s.t, s.db, "DROP STREAM "+name+" CASCADE")
		answer(s.t, s.oracle, "DROP TABLE every_"+name)
	}
	answer(s.t, s.db, "DROP TABLE t")
	answer(s.t, s.oracle, "DROP TABLE t")
}

// change changes the table now and then.
func (s *streamJoinRound) change() {
	k := s.rng.IntN(3)
	sql := fmt.Sprintf("DELETE FROM t WHERE k = %d", k)
	switch s.rng.IntN(6) {
	case 0:
	case 1, 2:
		sql = fmt.Sprintf("INSERT INTO t VALUES (%d, 'n%d') ON CONFLICT (k) DO UPDATE SET name = excluded.name", k, s.rng.IntN(5))
	default:
		return
	}
	run(s.t, s.db, sql)
	run(s.t, s.oracle, sql)
}

func (s *streamJoinRound) create(name string, j streamJoin, model string) {
	sql := fmt.Sprintf("CREATE VIEW %s WITH (execution = '%s') AS %s", name, model, j.sql)
	if j.closed != "" {
		sql += " EMIT ON WINDOW CLOSE"
	}
	run(s.t, s.db, sql)
}

// insert adds n rows to a stream, out of order, in one epoch.
func (s *streamJoinRound) insert(port, n int) {
	name := string("ab"[port])
	watermark, high := s.high[port]-trails, s.high[port]
	var rows, judged []string
	for range n {
		s.now += int64(s.rng.IntN(1500))
		at := s.now
		if s.now < 900_000 {
			at -= int64(s.rng.IntN(9000))
		}
		at = max(at, 0)
		high = max(high, at)
		until := "NULL"
		if s.rng.IntN(12) > 0 {
			until = fmt.Sprintf("TIMESTAMP '2020-01-01' + INTERVAL '%d ms'", at-500+int64(s.rng.IntN(12_000)))
		}
		row := fmt.Sprintf("%d, TIMESTAMP '2020-01-01' + INTERVAL '%d ms', %d, %s", s.rng.IntN(3), at, s.rng.IntN(4), until)
		end := at/10_000*10_000 + 10_000
		if end <= watermark {
			s.late++
		}
		rows, judged = append(rows, "("+row+")"), append(judged, fmt.Sprintf("(%s, %s, %s)", row, reached(watermark), reached(min(s.high[0], s.high[1])-trails)))
	}
	s.high[port] = high
	run(s.t, s.db, "INSERT INTO "+name+" VALUES "+strings.Join(rows, ", "))
	run(s.t, s.oracle, "INSERT INTO every_"+name+" VALUES "+strings.Join(judged, ", "))
}

// reached is a watermark, for PostgreSQL.
func reached(watermark int64) string {
	if watermark < -1<<30 {
		return "TIMESTAMP '-infinity'"
	}
	return instant(watermark)
}

// compare compares the views of a time with PostgreSQL's joins; of views that wait, only what is final in the end.
func (s *streamJoinRound) compare(joins []streamJoin, prefix string) {
	final := s.now >= 1_000_000
	for i, j := range joins {
		if j.closed != "" && !final {
			continue
		}
		onTime := "at >= wm"
		if j.onTime != "" {
			onTime = j.onTime
		}
		sql := j.postgres
		if sql == "" {
			sql = j.sql
		}
		where := ""
		if j.closed != "" {
			where = fmt.Sprintf(" WHERE %s < '2020-01-01 00:15'", j.closed)
		}
		theirs := fmt.Sprintf("WITH a AS (SELECT k, at, v, until FROM every_a WHERE %s), b AS (SELECT k, at, v, until FROM every_b WHERE %[1]s) SELECT * FROM (%s) q%s", onTime, sql, where)
		want := lines(copyOut(s.t, s.oracle, theirs))
		got := lines(copyOut(s.t, s.db, fmt.Sprintf("SELECT * FROM %s_%d%s", prefix, i, where)))
		require.Equal(s.t, want, got, "%s_%d: %s, final %s", prefix, i, j.sql, j.closed)
	}
}
