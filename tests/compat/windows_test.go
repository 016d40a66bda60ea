package compat_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// TestWindows compares random windowed views, in both models, over rows that come in random order and in random insertions, with a
// reference that judges lateness by the rule alone. Some are made before the rows come, and some after, which have to judge as was judged
// live.
func TestWindows(t *testing.T) {
	c := connect(t, startStreamDB(t))
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			delay, stream := rng.Int64N(8), fmt.Sprintf("events%d", seed)
			run(t, c, fmt.Sprintf("CREATE STREAM %s (k text, at timestamp, v int, WATERMARK FOR at AS at - INTERVAL '%d seconds')", stream, delay))
			var views []*windowView
			for i, w := range drawWindowings(rng) {
				for _, model := range models {
					views = append(views, &windowView{fmt.Sprintf("v%d_%d_%s", seed, i, model), model, w})
				}
			}
			for _, v := range views {
				v.create(t, c, stream)
			}
			references := map[windowing]*reference{}
			for _, v := range views {
				references[v.windowing] = newReference(v.windowing)
			}
			now := int64(1000)
			for range 40 {
				rows := drawEvents(rng, &now)
				insert(t, c, stream, rows)
				for _, r := range references {
					r.epoch(rows, delay)
				}
				if rng.IntN(8) == 0 {
					v := views[rng.IntN(len(views))]
					v.check(t, c, references[v.windowing])
				}
			}
			for _, v := range views {
				v.check(t, c, references[v.windowing])
				later := &windowView{v.name + "_later", v.model, v.windowing}
				later.create(t, c, stream)
				later.check(t, c, references[v.windowing])
			}
			run(t, c, "DROP STREAM "+stream+" CASCADE")
		})
	}
}

// windowView is a view at work.
type windowView struct {
	name, model string
	windowing
}

func (v *windowView) create(t *testing.T, c *pgconn.PgConn, stream string) {
	run(t, c, fmt.Sprintf("CREATE VIEW %s WITH (execution = '%s', allowed_lateness = '%d seconds', batch_interval = '20 ms') AS %s",
		v.name, v.model, v.lateness, v.sql(stream)))
}

func (v *windowView) check(t *testing.T, c *pgconn.PgConn, r *reference) {
	t.Helper()
	const seconds = "extract(epoch FROM %s)::bigint"
	got := lines(copyOut(t, c, fmt.Sprintf("SELECT k, "+seconds+", "+seconds+", n, total, most FROM %s", "window_start", "window_end", v.name)))
	require.Equal(t, r.answer(), strings.Join(got, "\n"), "%s: %s, allowed %d", v.name, v.sql("…"), v.lateness)
	late := string(copyOut(t, c, fmt.Sprintf("SELECT late_rows FROM streamdb.views WHERE name = '%s'", v.name)))
	require.Equal(t, fmt.Sprintf("%d\n", r.late), late, "late rows of %s: %s", v.name, v.sql("…"))
}

// drawWindowings draws a view of each kind, with early results and on close.
func drawWindowings(rng *rand.Rand) (out []windowing) {
	for _, kind := range []string{"tumble", "hop", "cumulate", "session"} {
		w := windowing{kind: kind, slide: 1 + rng.Int64N(5), lateness: rng.Int64N(2) * rng.Int64N(10)}
		w.size = w.slide * (1 + rng.Int64N(6))
		for _, w.onClose = range []bool{false, true} {
			out = append(out, w)
		}
	}
	return out
}

// drawEvents draws the rows of an insertion, some of them behind the others.
func drawEvents(rng *rand.Rand, now *int64) (rows []event) {
	for range 1 + rng.IntN(5) {
		*now += rng.Int64N(4)
		behind := int64(0)
		if rng.IntN(3) == 0 {
			behind = rng.Int64N(25)
		}
		rows = append(rows, event{key: string(rune('a' + rng.IntN(3))), at: *now - behind, v: rng.Int64N(100)})
	}
	if rng.IntN(12) == 0 {
		*now += 40
	}
	return rows
}

func insert(t *testing.T, c *pgconn.PgConn, stream string, rows []event) {
	var values []string
	for _, e := range rows {
		values = append(values, fmt.Sprintf("('%s', to_timestamp(%d) AT TIME ZONE 'UTC', %d)", e.key, e.at, e.v))
	}
	run(t, c, "INSERT INTO "+stream+" VALUES "+strings.Join(values, ", "))
}
