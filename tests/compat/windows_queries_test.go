package compat_test

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
	{"TUMBLE(s, at, INTERVAL '10 seconds', INTERVAL '3 seconds')", `(SELECT * FROM (SELECT *, date_bin('10 seconds', at, '1970-01-01 00:00:03') AS window_start,
		date_bin('10 seconds', at, '1970-01-01 00:00:03') + INTERVAL '10 seconds' AS window_end FROM every_s) r WHERE window_end > wm)`},
	{"SESSION(s, at, INTERVAL '3 seconds' PARTITION BY k)", "sessions_s"},
}

// sessionGap is that of windowCalls' sessions, in milliseconds.
const sessionGap = 3000

// windowQuery is a query over rows with windows, which stand where $w does, or over a grouping of them, $i. What it gives is final when its window_end is.
type windowQuery struct {
	sql string
	// postgres is PostgreSQL's query for the same where it is another one.
	postgres string
}

// windowRows are queries over rows with windows. Nothing in them is left open, as id tells rows apart.
var windowRows = []windowQuery{
	{sql: "SELECT k, id, window_end, r FROM (SELECT *, row_number() OVER (PARTITION BY window_start, window_end, k ORDER BY v DESC, id) AS r FROM $w x) y WHERE r <= 2"},
	{sql: "SELECT id, window_end FROM (SELECT *, rank() OVER (PARTITION BY window_start, window_end ORDER BY v DESC) AS r FROM $w x) y WHERE r <= 1"},
	{sql: "SELECT k, id, window_end FROM (SELECT *, row_number() OVER (PARTITION BY window_start, window_end, k ORDER BY at, id) AS r FROM $w x) y WHERE r = 1"},
	{sql: "SELECT k, id, window_end FROM (SELECT *, row_number() OVER (PARTITION BY window_start, window_end, k ORDER BY at DESC, id) AS r FROM $w x) y WHERE r = 1"},
	{sql: "SELECT DISTINCT ON (window_start, window_end, k) k, id, window_end FROM $w x ORDER BY window_start, window_end, k, at DESC, id"},
	{sql: "SELECT DISTINCT window_start, window_end, k, v FROM $w x"},
	{sql: "SELECT id, window_end, sum(v) OVER (PARTITION BY window_start, window_end, k ORDER BY at, id ROWS UNBOUNDED PRECEDING) FROM $w x"},
	{sql: "SELECT id, window_end, lag(id) OVER (PARTITION BY window_start, window_end ORDER BY at, id), count(*) OVER (PARTITION BY window_start, window_end) FROM $w x"},
	{sql: "SELECT id, window_end, count(*) OVER (PARTITION BY window_start, window_end, k ORDER BY at RANGE BETWEEN INTERVAL '2 seconds' PRECEDING AND CURRENT ROW) FROM $w x"},
	{sql: "SELECT k, window_end, count(DISTINCT v), min(v), array_agg(id ORDER BY id)::text FROM $w x GROUP BY k, window_start, window_end"},
	{sql: "SELECT k, n, window_end FROM (SELECT *, rank() OVER (PARTITION BY window_start, window_end ORDER BY n DESC) AS r FROM (SELECT k, window_start, window_end, count(*) AS n FROM $w x GROUP BY k, window_start, window_end) y) z WHERE r = 1"},
	{sql: "SELECT window_end, max(n) FROM (SELECT k, window_start, window_end, count(*) AS n FROM $w x GROUP BY k, window_start, window_end) y GROUP BY window_start, window_end"},
	{sql: "SELECT a.k, a.id, b.id AS other, a.window_end FROM $w a JOIN $w b ON a.k = b.k AND a.window_start = b.window_start AND a.window_end = b.window_end AND a.v < b.v"},
	{sql: "SELECT a.k, a.id, b.id AS other, a.window_end FROM $w a LEFT JOIN $w b ON a.k = b.k AND a.window_start = b.window_start AND a.window_end = b.window_end AND a.v < b.v"},
	{sql: "SELECT a.id, b.id AS other, coalesce(a.window_end, b.window_end) AS window_end FROM (SELECT * FROM $w x WHERE v > 1) a FULL JOIN (SELECT * FROM $w x WHERE v < 3) b ON a.k = b.k AND a.window_start = b.window_start AND a.window_end = b.window_end"},
	{sql: "SELECT a.k, a.id, a.window_end FROM $w a WHERE EXISTS (SELECT FROM $w b WHERE a.k = b.k AND a.window_start = b.window_start AND a.window_end = b.window_end AND a.v < b.v)"},
	{sql: "SELECT a.k, a.id, a.window_end FROM $w a WHERE NOT EXISTS (SELECT FROM $w b WHERE a.k = b.k AND a.window_start = b.window_start AND a.window_end = b.window_end AND a.v < b.v)"},
	{sql: "SELECT a.k, a.n, b.most, a.window_end FROM (SELECT k, window_start, window_end, count(*) AS n FROM $w x GROUP BY 1, 2, 3) a JOIN (SELECT k, window_start, window_end, max(v) AS most FROM $w x WHERE v < 4 GROUP BY 1, 2, 3) b USING (k, window_start, window_end)"},
	{sql: "SELECT x.k, x.n, b.id, x.window_end FROM $i x JOIN s b ON b.k = x.k AND b.at >= x.window_end - INTERVAL '3 seconds' AND b.at <= x.window_end",
		postgres: "SELECT x.k, x.n, b.id, x.window_end FROM $i x JOIN every_s b ON b.k = x.k AND b.at >= x.window_end - INTERVAL '3 seconds' AND b.at <= x.window_end WHERE b.at >= b.wm"},
	{sql: "SELECT window_end, sum(n), count(DISTINCT k), max(t) FROM TUMBLE((SELECT window_end AS w, n, k, t FROM $i x), w, INTERVAL '15 seconds') GROUP BY window_start, window_end",
		postgres: "SELECT date_bin('15 seconds', window_end, '1970-01-01') + INTERVAL '15 seconds' AS window_end, sum(n), count(DISTINCT k), max(t) FROM $i x GROUP BY 1"},
	{sql: "SELECT k, window_end, sum(n) FROM HOP((SELECT window_end AS w, n, k FROM $i x), w, INTERVAL '10 seconds', INTERVAL '20 seconds') GROUP BY k, window_start, window_end",
		postgres: "SELECT k, h + INTERVAL '20 seconds' AS window_end, sum(n) FROM $i x, generate_series(date_bin('10 seconds', x.window_end, '1970-01-01') - INTERVAL '10 seconds', x.window_end, INTERVAL '10 seconds') h GROUP BY 1, 2"},
	{sql: "SELECT k, n, window_end FROM (SELECT *, row_number() OVER (PARTITION BY window_start, window_end ORDER BY n DESC, k) AS r FROM $i x) y WHERE r <= 2"},
	{sql: "SELECT window_end, sum(n) FROM $i x GROUP BY window_start, window_end"},
	{sql: "SELECT a.k, a.n, b.n AS other, a.window_end FROM $i a JOIN $i b ON a.window_start = b.window_start AND a.window_end = b.window_end AND a.k < b.k"},
}

// inner is what stands for $i, as a subquery or as a view.
const inner = "SELECT k, window_start, window_end, count(*) AS n, sum(v) AS t FROM $w x GROUP BY k, window_start, window_end"

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
