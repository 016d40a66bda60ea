package compat_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// rowsView is a view over s, and a query that gives the same: PostgreSQL's, or StreamDB's over the table on_time.
type rowsView struct {
	name, sql, theirs string
	ours              bool
	// final is the condition under which rows are there in the end, if the view waits for windows to close.
	final string
	// over is a view that this one reads, below its query; empty for most.
	over, below string
	// recounted says that its late rows up to some moment count after all.
	recounted bool
}

const onClose = " EMIT ON WINDOW CLOSE"

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
	all       []event
	judged    [2]judged
}

func (r *windowRowsRound) run() {
	run(r.t, r.db, "CREATE STREAM s (k int, at timestamp, v int, id int, WATERMARK FOR at AS at - INTERVAL '4 seconds')")
	r.judged = [2]judged{r.judge("s"), r.judge("r")}
	r.high = -trails - 1<<40
	views := r.draw()
	for _, v := range views {
		r.create(v.name, v)
	}
	recounted := false
	for range 6 {
		for range r.rng.IntN(8) {
			r.insert(1 + r.rng.IntN(6))
		}
		if v := views[r.rng.IntN(len(views))]; r.rng.IntN(2) == 0 {
			run(r.t, r.db, fmt.Sprintf("ALTER VIEW %s SET (execution = '%s')", v.name, models[r.rng.IntN(2)]))
		}
		r.compare(views, "")
		if r.rng.IntN(6) == 0 && !recounted {
			recounted = true
			r.recount(views)
			r.compare(views, "")
		}
	}
	r.end()
	later := slices.DeleteFunc(slices.Clone(views), func(v rowsView) bool { return v.over != "" && v.recounted }) // what is below counts late rows
	for _, v := range later {
		r.create(v.name+"_later", v)
	}
	r.compare(views, "")
	r.compare(later, "_later")
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
	answer(r.t, r.db, "DROP TABLE on_time_s, on_time_r")
	answer(r.t, r.oracle, "DROP TABLE every_s, sessions_s, every_r, sessions_r")
}

// draw draws the views of a round.
func (r *windowRowsRound) draw() (views []rowsView) {
	for n, i := range r.rng.Perm(len(windowRows))[:8] {
		call, q := windowCalls[r.rng.IntN(len(windowCalls))], windowRows[i]
		if q.postgres == "" {
			q.postgres = q.sql
		}
		with := func(sql, inner, call string) string { return strings.NewReplacer("$i", inner, "$w", call).Replace(sql) }
		theirs := strings.ReplaceAll(strings.ReplaceAll(q.postgres, "$i", "("+inner+")"), "$w", call.postgres)
		below := "(" + strings.ReplaceAll(inner, "$w", call.sql) + ")"
		closed := "window_end < '2020-01-01 00:15'"
		v := rowsView{sql: with(q.sql, below, call.sql), theirs: theirs}
		views = append(views, v)
		v.final = closed
		views = append(views, v)
		if strings.Contains(q.sql, "$i") { // the same over a view
			v = rowsView{below: strings.ReplaceAll(inner, "$w", call.sql), theirs: theirs}
			if r.rng.IntN(2) == 0 {
				v.below, v.final = v.below+onClose, closed
			}
			v.over = fmt.Sprintf("below%d", n)
			v.sql = with(q.sql, v.over, call.sql)
			views = append(views, v)
		}
	}
	within := []string{"", " WITHIN INTERVAL '6 seconds'"}[r.rng.IntN(2)]
	match := func(from, pattern string) string {
		return fmt.Sprintf(`SELECT * FROM %s MATCH_RECOGNIZE (PARTITION BY k ORDER BY at, id MEASURES FIRST(at) AS began, FIRST(id) AS first, LAST(id) AS last, sum(v) AS s
			PATTERN (%s)%s DEFINE %s) m`, from, pattern, within, strings.Join(slices.DeleteFunc(slices.Clone(defines), func(d string) bool { return !strings.Contains(pattern, d[:1]) }), ", "))
	}
	for _, pattern := range matches {
		v := rowsView{sql: match("s", pattern), theirs: match("on_time_s", pattern), ours: true}
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

// create creates a view, and the one that it reads unless that is there.
func (r *windowRowsRound) create(name string, v rowsView) {
	view := func(name, sql string) {
		run(r.t, r.db, fmt.Sprintf("CREATE VIEW %s WITH (execution = '%s', parallelism = %d, batch_interval = '20 ms') AS %s", name, models[r.rng.IntN(2)], 1+r.rng.IntN(3), sql))
	}
	if v.over != "" && name == v.name {
		view(v.over, v.below)
	}
	if v.final != "" && v.over == "" {
		v.sql += onClose
	}
	view(name, v.sql)
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
	watermark := r.high - trails
	var rows []string
	var events []event
	for _, x := range list {
		r.high = max(r.high, x.at)
		e := event{strconv.Itoa(x.k), x.at, int64(x.v), int64(r.rows)}
		events, rows = append(events, e), append(rows, "("+columns(e)+")")
		r.rows++
	}
	run(r.t, r.db, "INSERT INTO s VALUES "+strings.Join(rows, ", "))
	r.all = append(r.all, events...)
	for i := range r.judged {
		r.add(&r.judged[i], events, watermark)
	}
}

// compare compares the views with what they should be; those that wait, only with what is final in the end.
func (r *windowRowsRound) compare(views []rowsView, suffix string) {
	for i := range r.judged {
		r.writeSessions(&r.judged[i])
	}
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
		theirs := v.theirs
		if v.recounted && suffix == "" {
			theirs = asRecounted.Replace(theirs)
		}
		want := lines(copyOut(r.t, oracle, fmt.Sprintf("SELECT * FROM (%s) q%s", theirs, where)))
		got := lines(copyOut(r.t, r.db, fmt.Sprintf("SELECT * FROM %s%s%s", v.name, suffix, where)))
		require.Equal(r.t, want, got, "%s%s: %s, final %v, recounted %v", v.name, suffix, v.sql, v.final != "", v.recounted)
	}
}
