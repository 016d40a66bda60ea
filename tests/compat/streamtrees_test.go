package compat_test

import "strings"

const (
	// inWindow and inUnion are when the window of ten seconds of a row of a stream, or of one of the union of both, has not closed.
	inWindow = "date_bin('10 seconds', at, '1970-01-01') + INTERVAL '10 seconds' > wm"
	inUnion  = "date_bin('10 seconds', at, '1970-01-01') + INTERVAL '10 seconds' > wmin"
	// all is for queries that let nothing go.
	all = "true"

	ten   = "INTERVAL '10 seconds'"
	endPG = "date_bin('10 seconds', %, '1970-01-01') + INTERVAL '10 seconds'"
	union = "(SELECT k, at, v, 1 AS n FROM a UNION ALL SELECT k, at, v, 2 FROM b)"
)

// streamTrees are queries of several operators that go by time, one over the other.
func streamTrees() (list []streamJoin) {
	end := func(col string) string { return strings.ReplaceAll(endPG, "%", col) }
	both := func(j streamJoin, closed string) { // early results, and what is final
		list = append(list, j)
		j.closed = closed
		list = append(list, j)
	}
	both(streamJoin{sql: "SELECT k, window_end, count(*), sum(v) FROM TUMBLE(" + union + ", at, " + ten + ") GROUP BY k, window_start, window_end",
		postgres: "SELECT k, " + end("at") + " AS window_end, count(*), sum(v) FROM " + union + " u GROUP BY 1, 2", onTime: inUnion}, "window_end")
	both(streamJoin{sql: "SELECT k, at, v, n, window_end FROM (SELECT *, row_number() OVER (PARTITION BY window_start, window_end, k ORDER BY at DESC, v, n) AS r FROM TUMBLE(" + union + ", at, " + ten + ")) x WHERE r <= 2",
		postgres: "SELECT k, at, v, n, window_end FROM (SELECT *, row_number() OVER (PARTITION BY window_end, k ORDER BY at DESC, v, n) AS r FROM (SELECT *, " + end("at") + " AS window_end FROM " + union + " u) w) x WHERE r <= 2", onTime: inUnion}, "window_end")
	both(streamJoin{sql: "SELECT window_end, count(*), count(w) AS m, max(w) FROM TUMBLE((SELECT a.at, b.v AS w FROM a LEFT JOIN b ON " + within + "), at, " + ten + ") GROUP BY window_start, window_end",
		postgres: "SELECT " + end("a.at") + " AS window_end, count(*), count(b.v) AS m, max(b.v) FROM a LEFT JOIN b ON " + within + " GROUP BY 1"}, "window_end")
	both(streamJoin{sql: "SELECT window_end, k, count(*) FROM TUMBLE((SELECT a.k, b.at FROM a JOIN b ON " + within + "), at, " + ten + ") GROUP BY k, window_start, window_end",
		postgres: "SELECT " + end("b.at") + " AS window_end, a.k, count(*) FROM a JOIN b ON " + within + " GROUP BY 1, 2"}, "window_end")
	both(streamJoin{sql: "SELECT window_end, count(*), sum(w) FROM TUMBLE((SELECT a.at, b.v AS w FROM a LEFT ASOF JOIN b MATCH_CONDITION (a.at >= b.at) ON a.k = b.k), at, " + ten + ") GROUP BY window_start, window_end",
		postgres: "SELECT " + end("a.at") + " AS window_end, count(*), sum(b.v) FROM a LEFT JOIN LATERAL (SELECT * FROM b WHERE a.k = b.k AND a.at >= b.at ORDER BY b.at DESC, b.k, b.v LIMIT 1) b ON true GROUP BY 1"}, "window_end")
	both(streamJoin{sql: "SELECT a.window_end, a.k, count(*), sum(a.v * b.v) FROM " + windowA + " JOIN " + windowB + " ON " + equal + " GROUP BY a.k, a.window_start, a.window_end",
		postgres: "SELECT " + end("a.at") + " AS window_end, a.k, count(*), sum(a.v * b.v) FROM a JOIN b ON " + equalPG + " GROUP BY 1, 2", onTime: inWindow}, "window_end")
	counts := func(x, as string) string {
		return "(SELECT k, window_start, window_end, count(*) AS " + as + " FROM TUMBLE(" + x + ", at, " + ten + ") GROUP BY k, window_start, window_end) " + x
	}
	countsPG := func(x, as string) string {
		return "(SELECT k, " + end("at") + " AS window_end, count(*) AS " + as + " FROM " + x + " GROUP BY 1, 2) " + x
	}
	both(streamJoin{sql: "SELECT k, window_end, n, m FROM " + counts("a", "n") + " FULL JOIN " + counts("b", "m") + " USING (k, window_start, window_end)",
		postgres: "SELECT k, window_end, n, m FROM " + countsPG("a", "n") + " FULL JOIN " + countsPG("b", "m") + " USING (k, window_end)", onTime: inWindow}, "window_end")
	both(streamJoin{sql: "SELECT window_end, sum(n * m), count(*) FROM TUMBLE((SELECT a.window_end AS w, n, m FROM " + counts("a", "n") + " JOIN " + counts("b", "m") + " USING (k, window_start, window_end)), w, INTERVAL '20 seconds') GROUP BY window_start, window_end",
		postgres: "SELECT date_bin('20 seconds', window_end, '1970-01-01') + INTERVAL '20 seconds' AS window_end, sum(n * m), count(*) FROM " + countsPG("a", "n") + " JOIN " + countsPG("b", "m") + " USING (k, window_end) GROUP BY 1", onTime: inWindow}, "window_end")
	both(streamJoin{sql: "SELECT a.k, a.at, a.v, (SELECT max(b.v) FROM " + windowB + " WHERE b.k = a.k AND b.window_start = a.window_start AND b.window_end = a.window_end) AS most, a.window_end FROM " + windowA,
		postgres: "SELECT a.k, a.at, a.v, (SELECT max(b.v) FROM b WHERE " + equalPG + ") AS most, " + end("a.at") + " AS window_end FROM a", onTime: inWindow}, "window_end")
	both(streamJoin{sql: "SELECT a.k, a.at, a.window_end FROM " + windowA + " WHERE (a.k, a.window_start, a.window_end) IN (SELECT b.k, b.window_start, b.window_end FROM " + windowB + ")",
		postgres: "SELECT a.k, a.at, " + end("a.at") + " AS window_end FROM a WHERE EXISTS (SELECT FROM b WHERE " + equalPG + ")", onTime: inWindow}, "window_end")
	joined := "(SELECT a.k, a.at, a.v, b.at AS bat, b.v AS w FROM a JOIN b ON " + within + ") x"
	return append(list,
		streamJoin{sql: "SELECT k, at, bat, row_number() OVER (PARTITION BY k ORDER BY at, bat, v, w), sum(w) OVER (PARTITION BY k ORDER BY at) FROM " + joined},
		streamJoin{sql: "SELECT k, bat, lag(w, 2) OVER (PARTITION BY k ORDER BY bat, at, v, w) AS lag, max(w) OVER (PARTITION BY k ORDER BY bat) FROM " + joined},
		streamJoin{sql: "SELECT k, at, v, lag(v) OVER (PARTITION BY k ORDER BY at, v, n) AS lag, count(*) OVER (PARTITION BY k ORDER BY at) FROM " + union + " u", onTime: "at >= wmin"},
		streamJoin{sql: "SELECT x.k, x.at, x.bat, c.at AS cat FROM " + joined + " LEFT ASOF JOIN b c MATCH_CONDITION (x.at > c.at) ON c.k = x.k",
			postgres: "SELECT x.k, x.at, x.bat, c.at AS cat FROM " + joined + " LEFT JOIN LATERAL (SELECT * FROM b c WHERE c.k = x.k AND x.at > c.at ORDER BY c.at DESC, c.k, c.v LIMIT 1) c ON true"},
		streamJoin{sql: "SELECT x.k, x.at, x.bat, c.at AS cat FROM " + joined + " JOIN a c ON c.k = x.k AND c.at BETWEEN x.bat - INTERVAL '2 seconds' AND x.bat"},
		streamJoin{sql: "SELECT window_end, t.name, count(*) FROM " + windowA + " LEFT JOIN t ON t.k = a.k GROUP BY window_start, window_end, t.name",
			postgres: "SELECT " + end("a.at") + " AS window_end, t.name, count(*) FROM a LEFT JOIN t ON t.k = a.k GROUP BY 1, 2", onTime: all},
		streamJoin{sql: "SELECT window_end, name, count(*) FROM TUMBLE((SELECT a.at, t.name FROM a JOIN t ON t.k = a.k), at, " + ten + ") GROUP BY window_start, window_end, name",
			postgres: "SELECT " + end("a.at") + " AS window_end, t.name, count(*) FROM a JOIN t ON t.k = a.k GROUP BY 1, 2", onTime: all},
		streamJoin{sql: "SELECT x.window_end, t.name, x.n FROM (SELECT k, window_end, count(*) AS n FROM TUMBLE(a, at, " + ten + ") GROUP BY k, window_end) x JOIN t ON t.k = x.k",
			postgres: "SELECT x.window_end, t.name, x.n FROM (SELECT k, " + end("at") + " AS window_end, count(*) AS n FROM a GROUP BY 1, 2) x JOIN t ON t.k = x.k", onTime: inWindow},
	)
}
