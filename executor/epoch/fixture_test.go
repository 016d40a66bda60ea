package epoch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/kv"
)

var columns = []types.Type{types.T(types.Int8)}

// fixture is a clock over a simulated schedule and a store in memory.
type fixture struct {
	*testing.T
	sim       *sched.Sim
	store     *kv.Mem
	log       *changelog.Log
	clock     *epoch.Clock
	relations map[uint32]*relation.Relation
}

func newFixture(t *testing.T) *fixture {
	f := &fixture{T: t, sim: sched.NewSim(1), store: kv.NewMem(1), relations: map[uint32]*relation.Relation{}}
	f.open()
	return f
}

// open starts a clock on the store, as after a restart.
func (f *fixture) open() {
	var err error
	f.log, err = changelog.Open(f.store)
	require.NoError(f, err)
	f.clock = epoch.New(f.log, f.sim, func(oid uint32) *relation.Relation { return f.relations[oid] })
}

// relation makes a stream's relation that the clock publishes to.
func (f *fixture) relation(oid uint32) *relation.Relation {
	r := relation.NewStream(oid, "r", columns)
	r.Derive(relation.At(f.clock.Closed))
	f.relations[oid] = r
	return r
}

// settle runs until nothing is ready and no timer is set; only for tests without a paced source.
func (f *fixture) settle() {
	f.Helper()
	for n := 0; f.sim.Step(); n++ {
		require.Less(f, n, 10_000, "the clock does not come to rest")
	}
}

// pass runs for some time on the simulated clock, at least.
func (f *fixture) pass(d time.Duration) {
	f.Helper()
	end := f.sim.Now() + d.Microseconds()
	require.NoError(f, f.sim.Run(100_000, func() bool { return f.sim.Now() >= end }))
}

// answer is what a commit was told.
type answer struct {
	done  int
	epoch uint64
	err   error
}

// submit queues a commit that adds values to a relation.
func (f *fixture) submit(oid uint32, check func() error, values ...int64) *answer {
	a := &answer{}
	f.clock.Submit(&epoch.Commit{Data: []epoch.Change{change(oid, 1, values...)}, Check: check, Done: func(e uint64, err error) {
		a.done, a.epoch, a.err = a.done+1, e, err
	}})
	return a
}

func change(oid uint32, weight int64, values ...int64) epoch.Change {
	b := vec.NewBatch(columns, len(values))
	for _, v := range values {
		b.AppendRow(weight, types.NewInt(v))
	}
	return epoch.Change{RelationData: changelog.RelationData{Relation: oid, Batches: []*vec.Batch{b}}, Mark: epoch.NoMark}
}

// blocks are all blocks of a relation.
func blocks(r *relation.Relation) (out []relation.Block) {
	for at := uint64(0); ; {
		b, ok, _ := r.Next(at)
		if !ok {
			return out
		}
		at = b.Epoch
		out = append(out, b)
	}
}

// values are the rows of a block with their weights.
func values(t *testing.T, b relation.Block) (out []int64) {
	require.NoError(t, b.Scan(func(x *vec.Batch) error {
		for k := range x.Rows() {
			i := x.Row(k)
			out = append(out, x.Cols[0].I64[i]*x.Weight(i))
		}
		return nil
	}))
	return out
}

// records are the log's records.
func (f *fixture) records() (out []*changelog.Record) {
	it, err := f.log.Records(0)
	require.NoError(f, err)
	defer it.Close()
	for it.Next() {
		out = append(out, it.Record())
	}
	require.NoError(f, it.Err())
	return out
}

// fakeSource counts: the row at position p is p. Its rate is positions per millisecond, and each of its splits ends at end.
type fakeSource struct {
	traits connector.Traits
	splits []string
	rate   int64
	end    connector.Position
	// has is how far each split of a source that is not divisible can be read now.
	has map[string]connector.Position
	err error
}

func (s *fakeSource) Traits() connector.Traits { return s.traits }
func (s *fakeSource) Splits() []string         { return s.splits }
func (s *fakeSource) End() connector.Position  { return s.end }
func (s *fakeSource) Close() error             { return nil }

func (s *fakeSource) Due(elapsed time.Duration) connector.Position {
	if !s.traits.Paced {
		return s.end
	}
	return min(s.end, connector.Position(elapsed.Milliseconds()*s.rate))
}

func (s *fakeSource) Open(split string, from connector.Position, _ []int) (connector.Reader, error) {
	return &fakeReader{source: s, split: split, at: from}, nil
}

type fakeReader struct {
	source *fakeSource
	split  string
	at     connector.Position
}

func (r *fakeReader) Poll(dst *vec.Batch, maxRows int, until connector.Position) (connector.Position, bool, error) {
	dst.Reset()
	if r.source.err != nil {
		return r.at, false, r.source.err
	}
	for dst.N < maxRows && r.at < min(until, r.source.end, r.source.has[r.split]) {
		dst.AppendRow(1, types.NewInt(int64(r.at)))
		r.at++
	}
	return r.at, r.at == r.source.end || r.at == until, nil
}

func (r *fakeReader) Close() error { return nil }

// add puts a source under the clock, with a relation of its own.
func (f *fixture) add(oid uint32, s *fakeSource) *epoch.Source {
	x := &epoch.Source{Relation: f.relation(oid), Source: s, Began: f.sim.Now()}
	f.clock.AddSource(x, nil, epoch.NewStoredProgress())
	return x
}

// reader is a job whose cut the test moves.
type reader struct {
	epoch.Reader
	cut uint64
}

func newReader() *reader {
	r := &reader{}
	r.Cut = func() uint64 { return r.cut }
	return r
}
