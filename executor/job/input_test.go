package job

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/storage/connector"
)

// dealt is a driver of eight tasks that notes how many positions of a source each is fed.
type dealt struct {
	driver.Driver
	tasks [8]connector.Position
}

func (d *dealt) Feed(_ int, share func(task, of int) exchange.Input) {
	for i := range d.tasks {
		if r, ok := share(i, len(d.tasks)).(*ranges); ok {
			d.tasks[i] += positions(r.list)
		}
	}
}

// divisible is a source of which only its traits are asked.
type divisible struct{ connector.Source }

func (divisible) Traits() connector.Traits { return connector.Traits{Paced: true, Divisible: true} }

// TestDeal: small epochs go whole to the tasks of a micro-batch in turn; large ones, and those of a view whose tasks run all the time, are
// divided among all.
func TestDeal(t *testing.T) {
	all := func(n connector.Position) (out [8]connector.Position) {
		for i := range out {
			out[i] = n
		}
		return out
	}
	for _, c := range []struct {
		name    string
		batched bool
		epochs  int
		rows    connector.Position
		want    [8]connector.Position
	}{
		{"small", true, 8, 1000, all(1000)},
		{"the first of a few", true, 1, 1000, [8]connector.Position{1000}},
		{"as large as may be", true, 16, wholeRange, all(2 * wholeRange)},
		{"large", true, 1, 8 * wholeRange, all(wholeRange)},
		{"pipelined", false, 3, 800, all(300)},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &dealt{}
			j := &Job{cfg: Config{Mode: Mode{Batched: c.batched}}, driver: d, spare: map[int]*sync.Pool{}}
			in := Input{Relation: &relation.Relation{}, Source: &epoch.Source{Source: divisible{}}}
			for i := range connector.Position(c.epochs) {
				j.feedRanges(0, &physical.Scan{}, in, marked(&relation.Block{Epoch: 1, Ranges: []relation.Range{{From: i * c.rows, To: (i + 1) * c.rows}}}))
				j.turn++
			}
			require.Equal(t, c.want, d.tasks)
		})
	}
}
