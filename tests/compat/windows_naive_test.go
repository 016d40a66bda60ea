package compat_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// event is a row of a stream: a key, a time in seconds, or another unit that its windows go by, a value and a number.
type event struct {
	key       string
	at, v, id int64
}

// windowing is a random windowed view.
type windowing struct {
	kind        string // tumble, hop, cumulate, session
	size, slide int64  // a session's gap is its size
	lateness    int64
	onClose     bool
}

// span is a window.
type span struct{ start, end int64 }

// reference computes a view from scratch, epoch by epoch, by the rule of lateness alone.
type reference struct {
	windowing
	watermark int64
	late      int64
	// in are the rows that windows took; sessions are not known before they close.
	in map[span][]event
	// live are the rows of open sessions.
	live []event
}

func newReference(w windowing) *reference {
	return &reference{windowing: w, watermark: math.MinInt64 / 2, in: map[span][]event{}}
}

func (r *reference) closed(end int64) bool { return end+r.lateness <= r.watermark }

// windows are those of fixed size that hold a time.
func (r *reference) windows(t int64) (out []span) {
	switch r.kind {
	case "tumble":
		s := t - t%r.size
		return []span{{s, s + r.size}}
	case "hop":
		for s := t - t%r.slide; s+r.size > t; s -= r.slide {
			out = append(out, span{s, s + r.size})
		}
	case "cumulate":
		s := t - t%r.size
		for e := t - t%r.slide + r.slide; e <= s+r.size; e += r.slide {
			out = append(out, span{s, e})
		}
	}
	return out
}

// epoch takes rows, all judged by the watermark at its start, and moves the watermark.
func (r *reference) epoch(rows []event, delay int64) {
	if r.kind == "session" {
		r.judgeSessions(rows)
	} else {
		for _, e := range rows {
			late := true
			for _, w := range r.windows(e.at) {
				if !r.closed(w.end) {
					late = false
					r.in[w] = append(r.in[w], e)
				}
			}
			if late {
				r.late++
			}
		}
	}
	for _, e := range rows {
		r.watermark = max(r.watermark, e.at-delay)
	}
	r.closeSessions()
}

// closeSessions takes those that the watermark has passed from the open ones.
func (r *reference) closeSessions() {
	kept := r.live[:0:0]
	r.sessions(r.live, func(w span, rows []event) {
		if r.closed(w.end) {
			r.in[w] = append(r.in[w], rows...)
		} else {
			kept = append(kept, rows...)
		}
	})
	r.live = kept
}

func (r *reference) judgeSessions(rows []event) {
	kept := r.live[:0:0]
	r.sessions(slices.Concat(r.live, rows), func(w span, all []event) {
		if r.closed(w.end) { // none of them was there before
			r.late += int64(len(all))
		} else {
			kept = append(kept, all...)
		}
	})
	r.live = kept
}

// sessions calls f with each session of rows.
func (r *reference) sessions(rows []event, f func(w span, rows []event)) {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, func(a, b event) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.at, b.at)) })
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to].key == rows[from].key && rows[to].at-rows[to-1].at < r.size {
			to++
		}
		f(span{rows[from].at, rows[to-1].at + r.size}, rows[from:to])
		from = to
	}
}

// answer are the view's rows: key, start, end, count, sum, max, the windows' bounds in seconds.
func (r *reference) answer() string {
	type group struct {
		key string
		span
	}
	type sums struct{ n, sum, most int64 }
	groups := map[group]*sums{}
	add := func(w span, rows []event) {
		if r.onClose && !r.closed(w.end) {
			return
		}
		for _, e := range rows {
			g := group{e.key, w}
			if groups[g] == nil {
				groups[g] = &sums{most: math.MinInt64}
			}
			s := groups[g]
			s.n, s.sum, s.most = s.n+1, s.sum+e.v, max(s.most, e.v)
		}
	}
	for w, rows := range r.in {
		add(w, rows)
	}
	r.sessions(r.live, add)
	var out []string
	for g, s := range groups {
		out = append(out, fmt.Sprintf("%s\t%d\t%d\t%d\t%d\t%d", g.key, g.start, g.end, s.n, s.sum, s.most))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// rows calls f with each row that is in a window, and the window.
func (r *reference) rows(f func(w span, e event)) {
	each := func(w span, rows []event) {
		for _, e := range rows {
			f(w, e)
		}
	}
	for w, rows := range r.in {
		each(w, rows)
	}
	r.sessions(r.live, each)
}

// sql is the view's query over a stream.
func (w *windowing) sql(stream string) string {
	call := fmt.Sprintf("TUMBLE(%s, at, INTERVAL '%d seconds')", stream, w.size)
	switch w.kind {
	case "hop", "cumulate":
		call = fmt.Sprintf("%s(%s, at, INTERVAL '%d seconds', INTERVAL '%d seconds')", strings.ToUpper(w.kind), stream, w.slide, w.size)
	case "session":
		call = fmt.Sprintf("SESSION(%s, at, INTERVAL '%d seconds' PARTITION BY k)", stream, w.size)
	}
	emit := ""
	if w.onClose {
		emit = " EMIT ON WINDOW CLOSE"
	}
	return fmt.Sprintf("SELECT k, window_start, window_end, count(*) AS n, sum(v) AS total, max(v) AS most FROM %s GROUP BY k, window_start, window_end%s", call, emit)
}
