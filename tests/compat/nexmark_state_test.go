package compat_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/nexmark"
)

const (
	// quietRate is how many events there are a second, hourOfEvents those of an hour.
	quietRate    = 10
	hourOfEvents = 3600 * quietRate
	// slot is how many seconds of events are written at once.
	slot = 30
)

// TestNexmarkStateStaysFlat: an hour of events leaves the window queries of the Nexmark benchmark with no more operator state than a minute
// did, whether windows are shown while they are open or when they have closed. The events are written by a client, as a bounded generator's
// end would close all windows.
func TestNexmarkStateStaysFlat(t *testing.T) {
	events := quietEvents(t)
	c := connect(t, startStreamDB(t))
	connector := regexp.MustCompile(`\s+WITH \(connector[^;]*;`)
	run(t, c, connector.ReplaceAllString(nexmark.Streams(nexmark.Options{Events: 1, EventRate: 1}), ";"))
	for _, q := range nexmark.Queries() {
		sql, onClose := strings.CutSuffix(q.SQL, "EMIT ON WINDOW CLOSE")
		if !onClose {
			continue
		}
		for _, model := range models {
			for _, emit := range []string{"CHANGES", "ON WINDOW CLOSE"} {
				name := strings.ReplaceAll(fmt.Sprintf("%s %s %s", q.Name, model, emit), " ", "_")
				run(t, c, fmt.Sprintf("CREATE VIEW %q WITH (execution = '%s', batch_interval = '20 ms') AS %s EMIT %s", name, model, sql, emit))
			}
		}
	}
	var minute map[string]int64
	for i := range 3600 / slot {
		for _, table := range nexmark.Tables {
			_, err := c.CopyFrom(t.Context(), strings.NewReader(strings.Join(events[table][i], "")), "COPY "+table+" FROM STDIN")
			require.NoError(t, err)
		}
		if i == 60/slot-1 {
			minute = operatorState(t, string(settled(t, c)))
		}
	}
	hour := operatorState(t, string(settled(t, c)))
	require.Len(t, hour, 16)
	for view, bytes := range hour {
		t.Logf("%s: %d bytes after a minute, %d after an hour", view, minute[view], bytes)
		require.LessOrEqual(t, bytes, minute[view]+minute[view]/4+4096, view)
	}
}

// quietEvents are the rows of an hour of events by table, slot by slot, as COPY reads them.
func quietEvents(t *testing.T) map[string][][]string {
	c := connect(t, startStreamDB(t))
	run(t, c, nexmark.Streams(nexmark.Options{Events: hourOfEvents, EventRate: quietRate}))
	out := map[string][][]string{}
	for _, table := range nexmark.Tables {
		out[table] = make([][]string, 3600/slot)
		rows := copyOut(t, c, fmt.Sprintf("SELECT floor(extract(epoch FROM date_time - '2015-07-15') / %d)::int, e.* FROM (SELECT * FROM %s ORDER BY date_time) e", slot, table))
		for row := range bytes.Lines(rows) {
			number, row, _ := strings.Cut(string(row), "\t")
			n, err := strconv.Atoi(number)
			require.NoError(t, err)
			out[table][n] = append(out[table][n], row)
		}
	}
	return out
}
