package compat_test

import (
	"fmt"
	"slices"
	"strings"
)

// judged are a stream's rows as they are judged, in PostgreSQL's tables every_… and sessions_…, and in StreamDB's on_time_…, by the rules of
// lateness alone: as they were when they came (s), or with all rows up to some moment counted after all (r).
type judged struct {
	suffix   string
	sessions *reference
}

// asRecounted turns a query over what was judged when it came into one over what counts after all.
var asRecounted = strings.NewReplacer("every_s", "every_r", "sessions_s", "sessions_r", "on_time_s", "on_time_r")

// judge makes the tables.
func (r *windowRowsRound) judge(suffix string) judged {
	run(r.t, r.oracle, fmt.Sprintf("CREATE TABLE sessions_%s (k int, at timestamp, v int, id int, window_start timestamp, window_end timestamp)", suffix))
	run(r.t, r.oracle, fmt.Sprintf("CREATE TABLE every_%s (k int, at timestamp, v int, id int, wm timestamp)", suffix))
	run(r.t, r.db, fmt.Sprintf("CREATE TABLE on_time_%s (k int, at timestamp, v int, id int)", suffix))
	return judged{suffix, newReference(windowing{kind: "session", size: sessionGap})}
}

// columns is a row of the stream.
func columns(e event) string { return fmt.Sprintf("%s, %s, %d, %d", e.key, instant(e.at), e.v, e.id) }

func instant(ms int64) string { return fmt.Sprintf("TIMESTAMP '2020-01-01' + INTERVAL '%d ms'", ms) }

// add adds the rows of an epoch that began at a watermark.
func (r *windowRowsRound) add(j *judged, events []event, watermark int64) {
	wm := "'-infinity'"
	if watermark > -1<<30 {
		wm = instant(watermark)
	}
	var every, onTime []string
	for _, e := range events {
		every = append(every, fmt.Sprintf("(%s, %s)", columns(e), wm))
		if e.at >= watermark {
			onTime = append(onTime, "("+columns(e)+")")
		}
	}
	run(r.t, r.oracle, fmt.Sprintf("INSERT INTO every_%s VALUES %s", j.suffix, strings.Join(every, ", ")))
	if len(onTime) > 0 {
		run(r.t, r.db, fmt.Sprintf("INSERT INTO on_time_%s VALUES %s", j.suffix, strings.Join(onTime, ", ")))
	}
	j.sessions.epoch(events, trails)
}

// writeSessions tells PostgreSQL which rows are in which sessions.
func (r *windowRowsRound) writeSessions(j *judged) {
	rows := []string{}
	j.sessions.rows(func(w span, e event) {
		rows = append(rows, fmt.Sprintf("(%s, %s, %s)", columns(e), instant(w.start), instant(w.end)))
	})
	run(r.t, r.oracle, "TRUNCATE sessions_"+j.suffix)
	if len(rows) > 0 {
		run(r.t, r.oracle, fmt.Sprintf("INSERT INTO sessions_%s VALUES %s", j.suffix, strings.Join(rows, ", ")))
	}
}

// recount has some of the views that can take rows back count their late rows.
func (r *windowRowsRound) recount(views []rowsView) {
	j := &r.judged[1]
	run(r.t, r.oracle, fmt.Sprintf("UPDATE every_%s SET wm = '-infinity'", j.suffix))
	run(r.t, r.db, fmt.Sprintf("DELETE FROM on_time_%s", j.suffix))
	run(r.t, r.db, fmt.Sprintf("INSERT INTO on_time_%s SELECT * FROM s", j.suffix))
	j.sessions.recount(r.all)
	for i := range views {
		v := &views[i]
		if v.final != "" || r.rng.IntN(3) == 0 {
			continue
		}
		name := v.name
		if v.recounted = true; v.over != "" { // it counts anew with the one that it reads
			name = v.over
		}
		run(r.t, r.db, fmt.Sprintf("ALTER VIEW %s REPLAY LATE", name))
	}
}

// recount takes all rows, late or not.
func (r *reference) recount(all []event) {
	r.in, r.live = map[span][]event{}, slices.Clone(all)
	r.closeSessions()
}
