package compat_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRowsExpire: in either model a row goes when the clock has passed its time, also if nothing else happens and nobody asks for the newest
// epoch; it appears likewise; and what is deleted before or after does no harm. A strict read never shows a row whose time was over
// when it was asked.
func TestRowsExpire(t *testing.T) {
	c := connect(t, startStreamDB(t))
	run(t, c, "CREATE TABLE task (id int PRIMARY KEY, due timestamptz)")
	for _, model := range models {
		run(t, c, fmt.Sprintf("CREATE VIEW open_%s WITH (execution = '%s') AS SELECT id, due FROM task WHERE due > now()", model, model))
		run(t, c, fmt.Sprintf("CREATE VIEW past_%s WITH (execution = '%s') AS SELECT count(*) AS n FROM task WHERE due <= now()", model, model))
		run(t, c, fmt.Sprintf("CREATE VIEW above_%s WITH (execution = '%s') AS SELECT sum(id) AS n FROM open_%s", model, model, model))
	}
	run(t, c, "INSERT INTO task SELECT i, now() + i * interval '40 milliseconds' FROM generate_series(1, 20) i")
	run(t, c, "INSERT INTO task VALUES (100, now() + interval '1 day'), (200, now() - interval '1 day')")
	ask := func(sql string) string { return string(copyOut(t, c, sql)) }
	for _, model := range models {
		require.Equal(t, "0\n", ask(fmt.Sprintf("SELECT count(*) FROM open_%s WHERE due <= now()", model)), "a strict read shows what is over")
	}
	run(t, c, "DELETE FROM task WHERE id IN (3, 19)")
	run(t, c, "SET read_consistency = 'latest'")
	for _, model := range models {
		require.Eventually(t, func() bool {
			return ask("SELECT id FROM open_"+model) == "100\n" && ask("SELECT n FROM past_"+model) == "19\n" && ask("SELECT n FROM above_"+model) == "100\n"
		}, 20*time.Second, 5*time.Millisecond, model)
	}
	run(t, c, "SET read_consistency = 'strict'")
	run(t, c, "DELETE FROM task WHERE id IN (1, 100)")
	for _, model := range models {
		require.Equal(t, "", ask("SELECT id FROM open_"+model))
		require.Equal(t, "18\n", ask("SELECT n FROM past_"+model))
		require.Equal(t, "\\N\n", ask("SELECT n FROM above_"+model))
	}
}

// TestRowsAge: in either model the rows of a view with ttl go when that is over, also if nothing else happens and nobody asks for the newest
// epoch; those who read the view see them go; what is deleted or updated afterwards does no harm, and what comes anew is shown anew.
func TestRowsAge(t *testing.T) {
	c := connect(t, startStreamDB(t))
	run(t, c, "CREATE TABLE task (id int PRIMARY KEY, done bool)")
	for _, model := range models {
		run(t, c, fmt.Sprintf("CREATE VIEW fresh_%s WITH (ttl = '250 milliseconds', execution = '%s') AS SELECT id, done FROM task", model, model))
		run(t, c, fmt.Sprintf("CREATE VIEW kept_%s WITH (ttl = '1 day', execution = '%s') AS SELECT done, count(*) AS n FROM task GROUP BY done", model, model))
		run(t, c, fmt.Sprintf("CREATE VIEW above_%s WITH (execution = '%s') AS SELECT count(*) AS n FROM fresh_%s", model, model, model))
		run(t, c, fmt.Sprintf("CREATE VIEW ever_%s WITH (execution = '%s') AS SELECT id, done FROM fresh_%s", model, model, model))
	}
	ask := func(sql string) string { return string(copyOut(t, c, sql)) }
	gone := func() {
		t.Helper()
		run(t, c, "SET read_consistency = 'latest'")
		for _, model := range models {
			require.Eventually(t, func() bool {
				return ask("SELECT * FROM fresh_"+model) == "" && ask("SELECT n FROM above_"+model) == "0\n" && ask("SELECT * FROM ever_"+model) == ""
			}, 20*time.Second, 5*time.Millisecond, model)
		}
		run(t, c, "SET read_consistency = 'strict'")
	}
	run(t, c, "INSERT INTO task SELECT i, false FROM generate_series(1, 20) i")
	gone()
	run(t, c, "DELETE FROM task WHERE id > 10")
	run(t, c, "UPDATE task SET done = true WHERE id <= 3")
	gone()
	for _, model := range models {
		require.Equal(t, "f\t7\nt\t3\n", ask("SELECT * FROM kept_"+model+" ORDER BY done"))
	}
	run(t, c, "DELETE FROM task")
	for _, model := range models {
		require.Equal(t, "", ask("SELECT * FROM kept_"+model))
		require.Equal(t, "", ask("SELECT * FROM fresh_"+model))
	}
}
