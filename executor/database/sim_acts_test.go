package database

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/storage/kv"
)

var (
	twoColumns    = []catalog.Column{{Name: "k", Type: int8T}, {Name: "v", Type: int8T}}
	streamColumns = []catalog.Column{{Name: "k", Type: int8T}, {Name: "at", Type: timeT}}
)

// setUp makes the inputs and a first view over windows.
func (s *simulation) setUp() {
	s.created = s.sim.Now()
	require.True(s.t, s.change(func(e *catalog.Edit) {
		s.tables = []uint32{e.NewOID()}
		s.model.stream, s.model.source = e.NewOID(), e.NewOID()
		for _, r := range []*catalog.Relation{
			{OID: s.tables[0], Name: "t", Kind: catalog.Table, Columns: twoColumns},
			{OID: s.model.stream, Name: "s", Kind: catalog.Stream, Columns: streamColumns,
				Watermark: &catalog.Watermark{Column: 1, Expr: "at"},
				Options:   s.streamOptions()},
			{OID: s.model.source, Name: "b", Kind: catalog.Stream, Columns: twoColumns, Connector: "sim", Created: s.created,
				Options: []catalog.Option{{Name: "connector", Value: "sim"}}},
		} {
			r.Schema = catalog.PublicOID
			require.NoError(s.t, e.PutRelation(r))
		}
	}))
	s.model.pulled, s.model.marked, s.model.time = s.pulled, s.marked, s.time
}

// streamOptions has the stream fall idle in every other history.
func (s *simulation) streamOptions() []catalog.Option {
	options := []catalog.Option{{Name: "retention", Value: []string{"1 second", "1 hour"}[s.rng.IntN(2)]}}
	if s.rng.IntN(2) == 1 {
		options = append(options, catalog.Option{Name: "idle_timeout", Value: "300 milliseconds"})
	}
	return options
}

// act does one random thing.
func (s *simulation) act() {
	switch n := s.rng.IntN(100); {
	case n < 45:
		s.writes()
	case n < 55:
		s.createView()
	case n < 59:
		s.dropView()
	case n < 61:
		s.changeTables()
	case n < 64:
		s.createIndex()
	case n < 75:
		steps := s.rng.IntN(60)
		s.run(func() bool { steps--; return steps < 0 })
	case n < 80:
		s.settle()
	case n < 82:
		s.replayLate()
	case n < 90:
		s.pass(time.Duration(s.rng.IntN(1500)) * time.Millisecond)
	case n < 92:
		s.resume()
	case n < 95:
		s.alterView()
	case n < 96:
		s.store.Inject(kv.Fault{Op: kv.FaultWrite, N: 1 + s.rng.IntN(10), Err: kv.DiskFull("sim", nil)})
	default:
		s.crash()
	}
	s.check()
}

// writes submits a few commits without waiting for them, so that they may share an epoch.
func (s *simulation) writes() {
	for range 1 + s.rng.IntN(5) {
		if s.rng.IntN(4) == 0 {
			at := s.sim.Now()%1000/10 + int64(len(s.model.events)) + s.rng.Int64N(30)
			s.write(s.model.stream, row{s.rng.Int64N(3), at}, 1)
			continue
		}
		s.writeTable()
	}
}

// writeTable inserts a row into the table, or deletes one that is there and that no commit under way may delete.
func (s *simulation) writeTable() {
	table := s.table()
	if s.flying == 0 && s.rng.IntN(2) == 0 {
		have := s.model.at(table, s.db.clock.Closed())
		for _, r := range []row{{0, badValue}, {1, badValue}, {s.rng.Int64N(5), 10 + s.rng.Int64N(8)}, {s.rng.Int64N(5), 10 + s.rng.Int64N(8)}} {
			if have[r] > 0 {
				s.write(table, r, -1)
				return
			}
		}
	}
	v := 10 + s.rng.Int64N(8)
	k := s.rng.Int64N(5)
	if v == badValue {
		k = s.rng.Int64N(2)
	}
	s.write(table, row{k, v}, 1)
}

// createView makes a view of a random shape over random relations, perhaps views.
func (s *simulation) createView() {
	if len(s.model.views) >= 7 || len(s.model.views) > 0 && s.rng.IntN(3) == 0 && s.createEqual() {
		return
	}
	v := &modelView{}
	switch s.rng.IntN(9) {
	case 0:
		v.inputs = []uint32{s.model.stream}
	case 1:
		v.shape, v.inputs = []*shape{&firstShape, &highestShape}[s.rng.IntN(2)], []uint32{s.model.source}
	case 2:
		s.expiring(v)
	case 3:
		v.clock, v.inputs = true, []uint32{s.model.stream}
	default:
		v.shape = &shapes[s.rng.IntN(len(shapes))]
		from := append([]uint32{s.model.source}, s.tables...)
		for _, x := range s.model.views {
			from = append(from, x.oid)
		}
		for range v.shape.inputs {
			v.inputs = append(v.inputs, from[s.rng.IntN(len(from))])
		}
	}
	var plan []byte
	switch {
	case v.clock:
		plan, v.name = s.clockPlan(s.model.stream), "clock windows"
	case v.shape == nil:
		plan, v.name = s.windowPlan(s.model.stream), "windows"
	default:
		p := &planner{}
		plan, v.name = p.finish(s, v.shape.plan(s, p, v.inputs)), v.shape.name
	}
	s.names++
	v.began = s.db.clock.Closed() + 1
	v.since, v.low = v.began, s.db.log.Trimmed(s.model.stream).Upto
	if s.change(func(e *catalog.Edit) {
		v.oid = e.NewOID()
		require.NoError(s.t, e.PutRelation(&catalog.Relation{OID: v.oid, Schema: catalog.PublicOID, Name: fmt.Sprintf("%s %d", v.name, s.names),
			Kind: catalog.View, Columns: twoColumns, Options: append(s.options(), ttlOption(v)...), ViewDef: &catalog.ViewDef{Plan: plan, DependsOn: v.inputs, Began: v.began}}))
	}) {
		v.began = s.db.clock.Closed()
		if v.ttl > 0 { // the time counts, and another epoch may have been closed since for what was due
			v.began = s.bornAt(v)
		}
		v.since = v.began
		v.low = s.db.log.Trimmed(s.model.stream).Upto
		s.model.views = append(s.model.views, v)
		s.log("create %d %s over %v", v.oid, v.name, v.inputs)
	} else if s.broken {
		s.doubtful = append(s.doubtful, v)
	}
}

// options are those of a view: in either model, with some number of tasks.
func (s *simulation) options() []catalog.Option {
	mode := Pipelined
	if s.rng.IntN(2) == 0 {
		mode = Microbatch
	}
	return []catalog.Option{{Name: "execution", Value: mode}, {Name: "parallelism", Value: fmt.Sprint(1 + s.rng.IntN(4))},
		{Name: "batch_interval", Value: fmt.Sprintf("%d ms", 1+s.rng.IntN(300))}}
}

// alterView changes how a view is executed while it runs.
func (s *simulation) alterView() {
	if len(s.model.views) == 0 {
		return
	}
	v := s.model.views[s.rng.IntN(len(s.model.views))]
	oid := v.oid
	r, _ := s.db.Catalog().RelationByOID(oid)
	altered := *r
	altered.Options = append(s.options(), ttlOption(v)...)
	parts, err := s.db.Parting(s.db.Catalog(), r, &altered)
	s.log("alter %d %v, parts: %v, refused: %v", oid, altered.Options, parts, err)
	switch {
	case err != nil:
	case parts:
		s.part(v, &altered)
	default:
		s.change(func(e *catalog.Edit) { require.NoError(s.t, e.PutRelation(&altered)) })
	}
}

// dropView drops a view that no other reads.
func (s *simulation) dropView() {
	var free []int
	for i, v := range s.model.views {
		if len(s.db.Catalog().Dependents(v.oid)) == len(s.db.Catalog().Indexes(v.oid)) {
			free = append(free, i)
		}
	}
	if len(free) == 0 {
		return
	}
	i := free[s.rng.IntN(len(free))]
	oid := s.model.views[i].oid
	r, _ := s.db.Catalog().RelationByOID(oid)
	if s.change(func(e *catalog.Edit) {
		for _, x := range s.db.Catalog().Indexes(oid) {
			e.DropRelation(x.OID)
		}
		e.DropRelation(oid)
	}) {
		s.model.views = append(s.model.views[:i:i], s.model.views[i+1:]...)
		s.dropped = append(s.dropped, oid, r.Computation())
		s.log("drop %d", oid)
	}
}

// resume resumes the views that have failed, those below first.
func (s *simulation) resume() {
	for _, v := range s.model.views {
		if o, _ := s.db.Object(v.oid); o.Job.Failure() != nil {
			if s.db.Resume(v.oid) != nil { // the store has failed
				s.broken = true
				return
			}
			for _, x := range s.together(v) {
				x.since = s.db.clock.Closed()
			}
			s.log("resume %d", v.oid)
		}
	}
}
