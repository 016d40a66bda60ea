package database

import (
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/kv"
)

var (
	simSeeds = flag.Int("sim.seeds", 100, "how many seeds the simulation runs")
	simFirst = flag.Uint64("sim.first", 0, "the first seed of the simulation")
)

// simulation is a database on one goroutine, over a store in memory that can crash, and the model of what it should be.
type simulation struct {
	t       *testing.T
	rng     *rand.Rand
	sim     *sched.Sim
	store   *kv.Mem
	db      *Database
	model   model
	tables  []uint32
	dropped []uint32 // tables and views that may be gone
	flying  int      // commits submitted and not answered
	synced  uint64   // newest epoch that was acknowledged as durable
	broken  bool     // the store has failed
	names   int
	created int64
	// doubtful is the view whose creation failed together with the store.
	doubtful []*modelView
	pulls    []pull
	marks    []pull // the stream's recorded watermarks by epoch
	pullsTo  uint64
	times    map[uint64]int64 // the recorded times of epochs
	trace    io.Writer
}

// open starts the database, as after a restart, with a random number of tasks.
func (s *simulation) open() {
	before := s.sim
	s.sim = sched.NewSim(s.rng.Uint64())
	if before != nil { // time goes on
		boot := s.sim.Start("boot", func() bool { return false })
		boot.WakeAfter(time.Duration(before.Now()-s.sim.Now()) * time.Microsecond)
		s.sim.Step()
		boot.Stop()
	}
	s.sim.Trace = func(step int, machine string) { fmt.Fprintln(s.trace, step, machine) }
	s.flying, s.broken = 0, false
	var err error
	s.db, err = Open(Config{Store: s.store, Sched: s.sim, Tasks: 1 + s.rng.IntN(4), Connectors: connector.Set{simConnector},
		SnapshotInterval: time.Duration(100+s.rng.IntN(900)) * time.Millisecond, History: time.Duration(1+s.rng.IntN(3000)) * time.Millisecond,
		Faults: s.faults(), BindWatermark: simWatermark})
	require.NoError(s.t, err)
}

// simWatermark is the event time itself: how far the watermark lags behind it commits say.
func simWatermark(_ *catalog.Catalog, r *catalog.Relation) (expr.Node, error) {
	return expr.NewColumn(r.Watermark.Column, timeT, "at"), nil
}

// crash loses power, and starts anew.
func (s *simulation) crash() {
	s.store = s.store.Crash()
	s.open()
	last := s.db.clock.Closed()
	require.GreaterOrEqual(s.t, last, s.synced, "an acknowledged epoch is lost")
	s.model.cutBack(last)
	s.reconcile()
	s.pulls, s.marks, s.pullsTo = nil, nil, 0
	s.reconcileExpiry(last)
	s.log("crash, last %d", last)
}

// reconcile settles whether a catalog change that failed together with the store has happened.
func (s *simulation) reconcile() {
	for _, v := range s.doubtful {
		if _, ok := s.db.Catalog().RelationByOID(v.oid); ok && v.ttl > 0 {
			v.began = s.bornAt(v)
			v.since = v.began
		}
	}
	kept := s.model.views[:0:0]
	for _, v := range append(s.model.views, s.doubtful...) {
		if _, ok := s.db.Catalog().RelationByOID(v.oid); ok {
			kept = append(kept, v)
		}
	}
	s.model.views, s.doubtful = kept, nil
	s.reconcileRecounts()
	dropped := s.dropped
	s.dropped = nil
	for _, oid := range dropped {
		if r, ok := s.db.Catalog().RelationByOID(oid); !ok {
			s.dropped = append(s.dropped, oid)
		} else if r.Kind == catalog.Table {
			s.tables = append(s.tables, oid)
		}
	}
	s.tables = slices.DeleteFunc(s.tables, func(oid uint32) bool { _, ok := s.db.Catalog().RelationByOID(oid); return !ok })
}

func (s *simulation) log(format string, args ...any) { fmt.Fprintf(s.trace, format+"\n", args...) }

// run steps until done says so, or the store has failed.
func (s *simulation) run(done func() bool) {
	if err := s.sim.Run(200_000, func() bool { return s.broken || done() }); err != nil {
		require.NoError(s.t, err, s.state())
	}
}

// state says where every view stands, for the message of a failure.
func (s *simulation) state() string {
	out := fmt.Sprintf("closed %d, %d commits under way", s.db.clock.Closed(), s.flying)
	for _, v := range s.model.views {
		o, _ := s.db.Object(v.oid)
		out += fmt.Sprintf("\n%d %s over %v: began %d, cut %d, done %d, frontier %d, stopped: %v, job: %v", v.oid, v.name, v.inputs, v.began, o.Relation.Cut(),
			o.Job.Done(), o.Relation.Frontier(), o.Relation.Stopped(), o.Job.Failure())
	}
	return out
}

// submit submits a commit whose events the model takes once they are in an epoch. Whether a commit that failed is in the log
// shows after the crash that follows.
func (s *simulation) submit(x *epoch.Commit, events ...event) {
	s.flying++
	sync := !x.NoSync
	x.Done = func(e uint64, err error) {
		s.flying--
		if err != nil {
			s.broken = true
		}
		if e == 0 {
			return
		}
		if err == nil && sync {
			s.synced = e
		}
		for _, ev := range events {
			ev.epoch = e
			s.model.events = append(s.model.events, ev)
		}
	}
	s.db.clock.Submit(x)
}

// change commits a catalog change and waits for it. It is false if the store has failed.
func (s *simulation) change(f func(*catalog.Edit)) bool {
	if s.broken {
		return false
	}
	old := s.db.Catalog()
	e := old.Edit()
	f(e)
	x := &epoch.Commit{}
	require.NoError(s.t, s.db.ChangeCatalog(x, old, e.Catalog()))
	s.submit(x)
	s.run(func() bool { return s.db.Catalog() != old })
	return s.db.Catalog() != old
}

// write submits one row of the table or the stream.
func (s *simulation) write(oid uint32, r row, weight int64) {
	second, mark := int8T, epoch.NoMark
	if oid == s.model.stream {
		second, mark = timeT, epoch.Mark{Watermark: r[1] - delay, Seen: r[1]}
	}
	b := vec.NewBatch([]types.Type{int8T, second}, 1)
	b.AppendRow(weight, types.NewInt(r[0]), types.NewInt(r[1]))
	if weight == 1 {
		b.Weights = nil
	}
	s.submit(&epoch.Commit{NoSync: s.rng.IntN(3) == 0, Data: []epoch.Change{{RelationData: changelog.RelationData{Relation: oid, Batches: []*vec.Batch{b}},
		Mark: mark}}}, event{oid: oid, row: r, weight: weight})
}

// pulled is how far the source had been let through at an epoch, by the log.
func (s *simulation) pulled(upTo uint64) (n int64) {
	if closed := s.db.clock.Closed(); s.pullsTo < closed {
		s.readPulls(closed)
	}
	for _, p := range s.pulls {
		if p.epoch > upTo {
			break
		}
		n = p.position
	}
	return n
}

// marked is the stream's watermark at the end of an epoch, by the log: the clock has moved it while the stream was idle.
func (s *simulation) marked(upTo uint64) (t int64) {
	if closed := s.db.clock.Closed(); s.pullsTo < closed {
		s.readPulls(closed)
	}
	i := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].epoch > upTo })
	if i == 0 {
		return op.NoWatermark
	}
	return s.marks[i-1].position
}

// pull is how far the source had come at an epoch.
type pull struct {
	epoch    uint64
	position int64
}

// readPulls reads the log's new records.
func (s *simulation) readPulls(to uint64) {
	it, err := s.db.log.Records(s.pullsTo + 1)
	require.NoError(s.t, err)
	defer it.Close()
	for it.Next() {
		s.times[it.Record().Epoch] = it.Record().Time
		for _, x := range it.Record().Splits {
			p, err := epoch.DecodePosition(x.Position)
			require.NoError(s.t, err)
			s.pulls = append(s.pulls, pull{it.Record().Epoch, int64(p)})
		}
		for _, w := range it.Record().Watermarks {
			if w.Relation == s.model.stream {
				s.marks = append(s.marks, pull{it.Record().Epoch, w.Time})
			}
		}
	}
	require.NoError(s.t, it.Err())
	s.pullsTo = to
}

// pass lets time go by.
func (s *simulation) pass(d time.Duration) {
	end := s.sim.Now() + d.Microseconds()
	s.run(func() bool { return s.sim.Now() >= end })
}

// newSimulation begins one. What it does goes to trace; nil: nowhere.
func newSimulation(t *testing.T, seed uint64, trace io.Writer) *simulation {
	if trace == nil {
		trace = io.Discard
	}
	s := &simulation{t: t, rng: rand.New(rand.NewPCG(seed, 1)), store: kv.NewMem(seed), trace: trace, times: map[uint64]int64{}}
	s.open()
	s.setUp()
	return s
}

// simulate is one seed's run.
func simulate(t *testing.T, seed uint64, trace io.Writer) {
	s := newSimulation(t, seed, trace)
	for range 60 + s.rng.IntN(60) {
		s.act()
		if s.broken {
			s.crash()
		}
	}
	s.settle()
	s.crash()
	s.settle()
	s.checkDropped()
	for _, o := range s.db.objects {
		o.stop(s.db)
	}
}

// TestSimulation runs random histories; each seed is one, and says the same each time.
func TestSimulation(t *testing.T) {
	for seed := *simFirst; seed < *simFirst+uint64(*simSeeds); seed++ {
		if !t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) { simulate(t, seed, nil) }) {
			t.Errorf("seed %d: go test ./executor/database -run Simulation -sim.first %d -sim.seeds 1", seed, seed)
		}
	}
}

// TestSimulationRepeats checks that a seed's trace is the same each time.
func TestSimulationRepeats(t *testing.T) {
	for seed := range uint64(10) {
		var sums [2]uint64
		for i := range sums {
			h := fnv.New64a()
			simulate(t, seed, h)
			sums[i] = h.Sum64()
		}
		require.Equal(t, sums[0], sums[1], "seed %d", seed)
	}
}
