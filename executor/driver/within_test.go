package driver_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/microbatch"
	"github.com/streamdb/streamdb/executor/pipelined"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

var int8T = types.T(types.Int8)

func columns(n int) []types.Type {
	out := make([]types.Type, n)
	for i := range out {
		out[i] = int8T
	}
	return out
}

// The leaves of lookUpPlan: rows that are looked up, first in one relation and what comes of it in another.
const rowsLeaf, firstLeaf, secondLeaf = 0, 1, 6

// exchanges are those of lookUpPlan: of the rows and of the relation, for each look-up.
type exchanges [2]struct{ rows, relation physical.ExchangeKind }

// lookUpPlan is two look-ups, each behind exchanges. A look-up goes by epochs, so it tells whether a step's epochs have been kept apart.
func lookUpPlan(x exchanges) *physical.Plan {
	swap := func(kind physical.ExchangeKind, in int, width int) physical.Node {
		return physical.Node{Op: &physical.Exchange{Exchange: kind, Keys: []int{0}}, Inputs: []int{in}, Types: columns(width)}
	}
	lookUp := func(rows, relation int, output ...int) physical.Node {
		return physical.Node{Op: &physical.Join{Join: physical.InnerJoin, LookUp: true, LeftAppendOnly: true, LeftKeys: []int{0}, RightKeys: []int{0},
			NullsEqual: []bool{false}, Output: output}, Inputs: []int{rows, relation}, Types: columns(len(output))}
	}
	scan := func(relation uint32) physical.Node {
		return physical.Node{Op: &physical.Scan{Relation: relation, Columns: []int{0, 1}}, Types: columns(2)}
	}
	return &physical.Plan{Nodes: []physical.Node{
		scan(1), scan(2), swap(x[0].rows, 0, 2), swap(x[0].relation, 1, 2), lookUp(2, 3, 0, 1, 3),
		swap(x[1].rows, 4, 3), scan(3), swap(x[1].relation, 6, 2), lookUp(5, 7, 0, 1, 2, 4),
		{Op: &physical.Root{Names: []string{"k", "v", "a", "b"}}, Inputs: []int{8}, Types: columns(4)},
	}}
}

// deal is rows that are dealt to the tasks in turn.
type deal struct{ batch *vec.Batch }

func (d *deal) Open() (exchange.Feed, error) { return &dealFeed{d.batch}, nil }
func (d *deal) Release()                     {}

type dealFeed struct{ left *vec.Batch }

func (f *dealFeed) Next() (exchange.Item, error) {
	b := f.left
	f.left = nil
	return exchange.Item{Batch: b, Watermark: exchange.NoItem.Watermark}, nil
}

func (f *dealFeed) Close() {}

// change is a row of two columns and a weight.
type change struct{ k, v, weight int64 }

func feed(d driver.Driver, leaf int, changes []change) {
	d.Feed(leaf, func(task, of int) exchange.Input {
		b := vec.NewBatch(columns(2), len(changes))
		for i := task; i < len(changes); i += of {
			b.AppendRow(changes[i].weight, types.NewInt(changes[i].k), types.NewInt(changes[i].v))
		}
		if b.N == 0 {
			return nil
		}
		return &deal{b}
	})
}

// lookUps is what a driver of lookUpPlan is fed and what is to come of it.
type lookUps struct {
	rng       *rand.Rand
	relations [2]map[change]int64
	want, got map[[4]int64]int64
}

// epoch feeds an epoch: rows, and changes of the relations that they are looked up in.
func (l *lookUps) epoch(d driver.Driver) {
	const keys = 8
	for i, leaf := range []int{firstLeaf, secondLeaf} {
		var changes []change
		for range l.rng.IntN(6) {
			c := change{l.rng.Int64N(keys), l.rng.Int64N(3), 1}
			if l.relations[i][c] > 0 && l.rng.IntN(2) == 0 {
				c.weight = -1
			}
			l.relations[i][change{c.k, c.v, 1}] += c.weight
			changes = append(changes, c)
		}
		feed(d, leaf, changes)
	}
	var rows []change
	for range l.rng.IntN(6) {
		rows = append(rows, change{l.rng.Int64N(keys), l.rng.Int64N(100), 1})
	}
	feed(d, rowsLeaf, rows)
	for _, r := range rows {
		for a, n := range l.relations[0] {
			for b, m := range l.relations[1] {
				if a.k == r.k && b.k == r.k && n*m != 0 {
					l.want[[4]int64{r.k, r.v, a.v, b.v}] += n * m
				}
			}
		}
	}
}

func (l *lookUps) take(r driver.Result) {
	for _, b := range r.Batches {
		for k := range b.Rows() {
			i := b.Row(k)
			l.got[[4]int64{b.Cols[0].I64[i], b.Cols[1].I64[i], b.Cols[2].I64[i], b.Cols[3].I64[i]}] += b.Weight(i)
		}
	}
}

// TestWithin runs steps of several epochs through exchanges of every kind, in both models. Rows of an epoch are looked up in what the
// relations are at its end, whatever comes later in the step, and the watermark of the last epoch comes through.
func TestWithin(t *testing.T) {
	const hash, single, broadcast, forward = physical.HashExchange, physical.SingleExchange, physical.BroadcastExchange, physical.ForwardExchange
	models := map[string]func(driver.Config) (driver.Driver, error){
		"pipelined":  func(c driver.Config) (driver.Driver, error) { return pipelined.New(c) },
		"microbatch": func(c driver.Config) (driver.Driver, error) { return microbatch.New(c) },
	}
	for _, c := range []struct {
		name string
		exchanges
	}{
		{"hash", exchanges{{hash, hash}, {hash, hash}}},
		{"single", exchanges{{single, single}, {single, single}}},
		{"single, forward", exchanges{{single, single}, {forward, single}}},
		{"broadcast", exchanges{{forward, broadcast}, {forward, broadcast}}},
		{"broadcast, hash", exchanges{{forward, broadcast}, {hash, hash}}},
		{"hash, single", exchanges{{hash, hash}, {single, single}}},
	} {
		for model, open := range models {
			t.Run(c.name+" "+model, func(t *testing.T) {
				for seed := range uint64(25) {
					within(t, seed, lookUpPlan(c.exchanges), open)
				}
			})
		}
	}
}

func within(t *testing.T, seed uint64, plan *physical.Plan, open func(driver.Config) (driver.Driver, error)) {
	sim, mem := sched.NewSim(seed), state.NewMemory(nil)
	d, err := open(driver.Config{Name: "v", Plan: plan, Tasks: 3, Sched: sim, Mem: mem, Wake: func() {}})
	require.NoError(t, err)
	l := &lookUps{rng: rand.New(rand.NewPCG(seed, 7)), relations: [2]map[change]int64{{}, {}}, want: map[[4]int64]int64{}, got: map[[4]int64]int64{}}
	epoch := uint64(0)
	for range 4 {
		for left := 1 + l.rng.IntN(4); left > 0; left-- {
			epoch++
			l.epoch(d)
			d.Watermark(rowsLeaf, int64(10*epoch))
			d.Cut(exchange.Barrier{Epoch: epoch, Within: left > 1})
		}
		var results []driver.Result
		require.NoError(t, sim.Run(100_000, func() bool {
			var failure error
			results, failure = d.Take()
			require.NoError(t, failure)
			return len(results) > 0
		}))
		require.Len(t, results, 1)
		require.NoError(t, results[0].Err)
		require.EqualValues(t, 10*epoch, results[0].Watermark)
		l.take(results[0])
		require.Equal(t, l.want, l.got, "seed %d, epoch %d", seed, epoch)
	}
	d.Close()
	pages, nodes := mem.Live()
	require.Zero(t, pages)
	require.Zero(t, nodes)
}
