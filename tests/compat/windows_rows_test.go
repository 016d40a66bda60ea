package compat_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// windowCall is how rows get windows: StreamDB's function over the stream, and PostgreSQL's query for the same of the rows and windows that were
// not late, as wm is the watermark when a row's epoch began.
type windowCall struct{ sql, postgres string }

var windowCalls = []windowCall{
	{"TUMBLE(s, at, INTERVAL '10 seconds')", `(SELECT * FROM (SELECT *, date_bin('10 seconds', at, '1970-01-01') AS window_start,
		date_bin('10 seconds', at, '1970-01-01') + INTERVAL '10 seconds' AS window_end FROM every_s) r WHERE window_end > wm)`},
	{"HOP(s, at, INTERVAL '5 seconds', INTERVAL '10 seconds')", `(SELECT * FROM (SELECT every_s.*, h AS window_start, h + INTERVAL '10 seconds' AS window_end FROM every_s,
		generate_series(date_bin('5 seconds', at, '1970-01-01') - INTERVAL '5 seconds', at, INTERVAL '5 seconds') h) r WHERE window_end > wm)`},
	{"CUMULATE(s, at, INTERVAL '5 seconds', INTERVAL '10 seconds')", `(SELECT * FROM (SELECT every_s.*, date_bin('10 seconds', at, '1970-01-01') AS window_start,
		date_bin('10 seconds', at, '1970-01-01') + c * INTERVAL '5 seconds' AS window_end FROM every_s, generate_series(1, 2) c) r WHERE window_end > greatest(at, wm))`},
}

// windowRows are queries over rows with windows, which stand where $w does. Nothing in them is left open, as id tells rows apart.
var windowRows = []string{
	"SELECT k, id, window_end, r FROM (SELECT *, row_number() OVER (PARTITION BY window_start, window_end, k ORDER BY v DESC, id) AS r FROM $w x) y WHERE r <= 2",
	"SELECT id, window_end FROM (SELECT *, rank() OVER (PARTITION BY window_start, window_end ORDER BY v DESC) AS r FROM $w x) y WHERE r <= 1",
	"SELECT k, id, window_end FROM (SELECT *, row_number() OVER (PARTITION BY window_start, window_end, k ORDER BY at, id) AS r FROM $w x) y WHERE r = 1",
	"SELECT k, id, window_end FROM (SELECT *, row_number() OVER (PARTITION BY window_start, window_end, k ORDER BY at DESC, id) AS r FROM $w x) y WHERE r = 1",
	"SELECT DISTINCT ON (window_start, window_end, k) k, id, window_end FROM $w x ORDER BY window_start, window_end, k, at DESC, id",
	"SELECT DISTINCT window_start, window_end, k, v FROM $w x",
	"SELECT id, window_end, sum(v) OVER (PARTITION BY window_start, window_end, k ORDER BY at, id ROWS UNBOUNDED PRECEDING) FROM $w x",
	"SELECT id, window_end, lag(id) OVER (PARTITION BY window_start, window_end ORDER BY at, id), count(*) OVER (PARTITION BY window_start, window_end) FROM $w x",
	"SELECT id, window_end, count(*) OVER (PARTITION BY window_start, window_end, k ORDER BY at RANGE BETWEEN INTERVAL '2 seconds' PRECEDING AND CURRENT ROW) FROM $w x",
	"SELECT k, window_end, count(DISTINCT v), min(v), array_agg(id ORDER BY id)::text FROM $w x GROUP BY k, window_start, window_end",
	"SELECT k, n, window_end FROM (SELECT *, rank() OVER (PARTITION BY window_start, window_end ORDER BY n DESC) AS r FROM (SELECT k, window_start, window_end, count(*) AS n FROM $w x GROUP BY k, window_start, window_end) y) z WHERE r = 1",
	"SELECT window_end, max(n) FROM (SELECT k, window_start, window_end, count(*) AS n FROM $w x GROUP BY k, window_start, window_end) y GROUP BY window_start, window_end",
}

// rowsView is a view over s, and a query that gives the same: PostgreSQL's, or StreamDB's over the table on_time.
type rowsView struct {
	name, sql, theirs string
	ours              bool
	// final is the condition under which rows are there in the end, if the view waits for windows to close.
	final string
}

// matches are patterns over the rows of a key. A row behind the watermark is late.
var matches = []string{"a b+", "a b* c", "a{2}", "a c | a b c"}

// defines are the conditions of their variables.
var defines = []string{"a AS v % 2 = 0", "b AS v >= PREV(v)", "c AS v < PREV(v)"}

// overs are window functions, by a time with a watermark, that need a bounded part of what is before it.
var overs = []string{
	"sum(v) OVER (PARTITION BY k ORDER BY at, id), first_value(id) OVER (PARTITION BY k ORDER BY at, id), last_value(id) OVER (PARTITION BY k ORDER BY at, id)",
	"row_number() OVER (ORDER BY at, id), rank() OVER (ORDER BY at, id), max(v) OVER (ORDER BY at, id)",
	"rank() OVER (PARTITION BY k ORDER BY at), dense_rank() OVER (PARTITION BY k ORDER BY at), min(v) OVER (PARTITION BY k ORDER BY at)",
	"lag(id, 3) OVER (PARTITION BY k ORDER BY at, id), lead(id, 2, -1) OVER (PARTITION BY k ORDER BY at, id), lag(v, -1) OVER (PARTITION BY k ORDER BY at, id) AS next",
	"avg(v) OVER (PARTITION BY k ORDER BY at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING), count(v) FILTER (WHERE v > 1) OVER (PARTITION BY k ORDER BY at, id)",
	"max(v) OVER (PARTITION BY k ORDER BY at, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING), count(*) OVER (PARTITION BY k ORDER BY at RANGE BETWEEN INTERVAL '3 seconds' PRECEDING AND INTERVAL '1 second' FOLLOWING)",
}

// TestWindowRows compares views that choose and number rows of windows, and that recognise patterns, over a stream whose rows come out of order
// in insertions of random sizes, with the same queries over the rows that were not late for a window when they came. Views change their model
// meanwhile, and some are made when all has come.
func TestWindowRows(t *testing.T) {
	p := newPair(t)
	for i := range *rounds {
		seed := *first + uint64(i)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := &windowRowsRound{pair: pair{t: t, oracle: p.oracle, db: p.db}, rng: rand.New(rand.NewPCG(seed, 11))}
			defer r.drop()
			r.run()
		})
	}
}

type windowRowsRound struct {
	pair
	rng *rand.Rand
	// now is about how far time has come, in milliseconds, high the latest row, rows how many there are.
	now, high int64
	rows      int
}

func (r *windowRowsRound) run() {
	run(r.t, r.db, "CREATE STREAM s (k int, at timestamp, v int, id int, WATERMARK FOR at AS at - INTERVAL '4 seconds')")
	run(r.t, r.db, "CREATE TABLE on_time (k int, at timestamp, v int, id int)")
	run(r.t, r.oracle, "CREATE TABLE every_s (k int, at timestamp, v int, id int, wm timestamp)")
	r.high = -trails - 1<<40
	views := r.draw()
	for _, v := range views {
		r.create(v.name, v)
	}
	for range 6 {
		for range r.rng.IntN(8) {
			r.insert(1 + r.rng.IntN(6))
		}
		if v := views[r.rng.IntN(len(views))]; r.rng.IntN(2) == 0 {
			run(r.t, r.db, fmt.Sprintf("ALTER VIEW %s SET (execution = '%s')", v.name, models[r.rng.IntN(2)]))
		}
		r.compare(views, "")
	}
	r.end()
	for _, v := range views {
		r.create(v.name+"_later", v)
	}
	r.compare(views, "")
	r.compare(views, "_later")
}

// end makes everything so far final: a row of each key comes long after all others, with which no pattern goes on, and then another.
func (r *windowRowsRound) end() {
	r.now = 1_000_000
	for k := range 3 {
		r.write([]windowRow{{k, r.now, -1}})
	}
	r.write([]windowRow{{0, r.now + 100_000, -1}})
}

// drop drops what the round has made.
func (r *windowRowsRound) drop() {
	answer(r.t, r.db, "DROP STREAM s CASCADE")
	answer(r.t, r.db, "DROP TABLE on_time")
	answer(r.t, r.oracle, "DROP TABLE every_s")
}

// draw draws the views of a round.
func (r *windowRowsRound) draw() (views []rowsView) {
	for _, i := range r.rng.Perm(len(windowRows))[:6] {
		call, sql := windowCalls[r.rng.IntN(len(windowCalls))], windowRows[i]
		v := rowsView{sql: strings.ReplaceAll(sql, "$w", call.sql), theirs: strings.ReplaceAll(sql, "$w", call.postgres)}
		views = append(views, v)
		v.final = "window_end < '2020-01-01 00:15'"
		views = append(views, v)
	}
	within := []string{"", " WITHIN INTERVAL '6 seconds'"}[r.rng.IntN(2)]
	match := func(from, pattern string) string {
		return fmt.Sprintf(`SELECT * FROM %s MATCH_RECOGNIZE (PARTITION BY k ORDER BY at, id MEASURES FIRST(at) AS began, FIRST(id) AS first, LAST(id) AS last, sum(v) AS s
			PATTERN (%s)%s DEFINE %s) m`, from, pattern, within, strings.Join(slices.DeleteFunc(slices.Clone(defines), func(d string) bool { return !strings.Contains(pattern, d[:1]) }), ", "))
	}
	for _, pattern := range matches {
		v := rowsView{sql: match("s", pattern), theirs: match("on_time", pattern), ours: true}
		views = append(views, v)
		v.final = "began < '2020-01-01 00:14'"
		views = append(views, v)
	}
	for _, call := range overs {
		over := fmt.Sprintf("SELECT id, %s FROM ", call)
		views = append(views, rowsView{sql: over + "s", theirs: over + "(SELECT * FROM every_s WHERE at >= wm) s"})
	}
	whole := "SELECT id, sum(v) OVER w, cume_dist() OVER w FROM %s WINDOW w AS (PARTITION BY k ORDER BY at, id)"
	views = append(views, rowsView{sql: fmt.Sprintf(whole, "s"), theirs: fmt.Sprintf(whole, "every_s")}) // without a bound no row is late
	for i := range views {
		views[i].name = fmt.Sprintf("v%d", i)
	}
	return views
}

func (r *windowRowsRound) create(name string, v rowsView) {
	sql := fmt.Sprintf("CREATE VIEW %s WITH (execution = '%s', parallelism = %d, batch_interval = '20 ms') AS %s", name, models[r.rng.IntN(2)], 1+r.rng.IntN(3), v.sql)
	if v.final != "" {
		sql += " EMIT ON WINDOW CLOSE"
	}
	run(r.t, r.db, sql)
}

// windowRow is a row of s; at counts milliseconds.
type windowRow struct {
	k  int
	at int64
	v  int
}

// insert adds n rows to the stream, out of order, in one epoch.
func (r *windowRowsRound) insert(n int) {
	rows := make([]windowRow, n)
	for i := range rows {
		r.now += int64(r.rng.IntN(1500))
		rows[i] = windowRow{r.rng.IntN(3), max(r.now-int64(r.rng.IntN(12_000)), 0), r.rng.IntN(5)}
	}
	r.write(rows)
}

// write adds rows to the stream, and judges them by the watermark that there is.
func (r *windowRowsRound) write(list []windowRow) {
	watermark, wm := r.high-trails, "'-infinity'"
	moment := func(ms int64) string { return fmt.Sprintf("TIMESTAMP '2020-01-01' + INTERVAL '%d ms'", ms) }
	if watermark > -1<<30 {
		wm = moment(watermark)
	}
	var rows, judged, onTime []string
	for _, x := range list {
		r.high = max(r.high, x.at)
		row := fmt.Sprintf("%d, %s, %d, %d", x.k, moment(x.at), x.v, r.rows)
		r.rows++
		rows, judged = append(rows, "("+row+")"), append(judged, "("+row+", "+wm+")")
		if x.at >= watermark {
			onTime = append(onTime, "("+row+")")
		}
	}
	run(r.t, r.db, "INSERT INTO s VALUES "+strings.Join(rows, ", "))
	run(r.t, r.oracle, "INSERT INTO every_s VALUES "+strings.Join(judged, ", "))
	if len(onTime) > 0 {
		run(r.t, r.db, "INSERT INTO on_time VALUES "+strings.Join(onTime, ", "))
	}
}

// compare compares the views with what they should be; those that wait, only with what is final in the end.
func (r *windowRowsRound) compare(views []rowsView, suffix string) {
	for _, v := range views {
		where := ""
		switch {
		case v.final != "" && r.now < 1_000_000:
			continue
		case v.final != "":
			where = " WHERE " + v.final
		}
		oracle := r.oracle
		if v.ours {
			oracle = r.db
		}
		want := lines(copyOut(r.t, oracle, fmt.Sprintf("SELECT * FROM (%s) q%s", v.theirs, where)))
		got := lines(copyOut(r.t, r.db, fmt.Sprintf("SELECT * FROM %s%s%s", v.name, suffix, where)))
		require.Equal(r.t, want, got, "%s%s: %s, final %v", v.name, suffix, v.sql, v.final != "")
	}
}
