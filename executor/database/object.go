package database

import (
	"time"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/job"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/state"
)

// Object is a relation at work: what the catalog says of it, its rows, and what moves them.
type Object struct {
	// Meta is the catalog's; it is replaced when the relation is altered.
	Meta *catalog.Relation
	// Relation is its rows and changes; nil for a sequence or an index.
	Relation *relation.Relation
	// Job makes the rows of a view, or feeds a sink.
	Job *job.Job
	// Source is a connector's source behind a stream.
	Source *epoch.Source
	// sink is a sink's target; nil for other relations.
	sink *sinkOutput
	// renewal is where a view's changes go; nil for other relations.
	renewal *renewal
	// Marker finds the watermark that rows of a stream stand for; nil without event time.
	Marker *Marker
	// progress is how far a stream has come in event time that clients write; nil for other relations.
	progress *epoch.Progress
	mem      *state.Memory
}

// defaultOwner is the role that owns what nobody else does.
const defaultOwner = "streamdb"

// make builds the object of a catalog entry that appears at an epoch. A view's job is made but not started.
func (d *Database) make(c *catalog.Catalog, r *catalog.Relation, began uint64) (*Object, error) {
	o := &Object{Meta: r, mem: state.NewMemory(d.snapshots.store.Pages(uint64(r.Computation())))}
	switch r.Kind {
	case catalog.Table:
		o.Relation = relation.New(r.OID, r.Name, r.Types(), tableKey(r), o.mem)
		o.Relation.Derive(relation.At(d.clock.Closed))
		if err := d.pad(o); err != nil {
			return o, err
		}
		for _, k := range r.Keys {
			if !k.Primary {
				o.Relation.AddIndex(k.Columns, o.mem)
			}
		}
		return o, nil
	case catalog.Stream:
		return o, d.makeStream(c, o)
	case catalog.View, catalog.Sink:
		return o, d.makeJob(o, began)
	}
	return o, nil
}

// tableKey are the columns that identify a table's row: its primary key.
func tableKey(r *catalog.Relation) []int {
	if k := r.PrimaryKey(); k != nil {
		return k.Columns
	}
	return nil
}

func (d *Database) makeStream(c *catalog.Catalog, o *Object) error {
	r := o.Meta
	o.Relation = relation.NewStream(r.OID, r.Name, r.Types())
	o.Relation.Derive(relation.At(d.clock.Closed))
	if err := d.pad(o); err != nil {
		return err
	}
	if r.Watermark != nil {
		node, err := d.cfg.BindWatermark(c, r)
		if err != nil {
			return err
		}
		if o.Marker, err = NewMarker(node, r); err != nil {
			return err
		}
	}
	if r.Connector == "" {
		return nil
	}
	given, also := connectorOptions(r, StreamOptions)
	source, err := d.cfg.Connectors.Source(given, also, connector.SourceConfig{Columns: connectorColumns(r), Root: d.cfg.Root})
	if err != nil {
		return err
	}
	o.Source = &epoch.Source{Relation: o.Relation, Source: source, Began: r.Created, Timing: Timing(r), Align: Alignment(r)}
	if o.Marker != nil {
		o.Source.Mark = func(x relation.Range, now int64) (epoch.Mark, error) {
			return o.Marker.Range(source, r.Types(), x, now)
		}
		o.Source.MarkRows = o.Marker.Rows
	}
	return nil
}

// makeJob makes the relation and the job of a view or a sink.
func (d *Database) makeJob(o *Object, began uint64) error {
	if o.Meta.ViewDef == nil {
		return sqlerr.Internal("%s %q has no plan", o.Meta.Kind, o.Meta.Name)
	}
	plan, err := physical.Decode(o.Meta.ViewDef.Plan)
	if err != nil {
		return err
	}
	out, err := d.output(o, plan)
	if err != nil {
		return err
	}
	if err := d.newJob(o, began, out); err != nil {
		return err
	}
	var upstream []*relation.Relation
	for _, oid := range plan.Relations() {
		if x, ok := d.Object(oid); ok && x.Job != nil {
			upstream = append(upstream, x.Relation)
		}
	}
	o.derive(upstream)
	if graph.Expires(plan) {
		d.goByEpochs(o.Meta)
	}
	return nil
}

// derive says how the relation of a view or sink comes about: it is complete up to where its job is. It is so up to its cut as well,
// while a new job has not come there.
func (o *Object) derive(upstream []*relation.Relation) {
	r, j := o.Relation, o.Job
	r.Derive(relation.Derivation{Frontier: func(known *relation.Frontiers) uint64 { return max(j.Frontier(known), r.Cut()) }, Demand: j.Demand,
		Due: j.Due, Upstream: upstream})
}

// newJob makes the job that runs an object's plan from an epoch on.
func (d *Database) newJob(o *Object, began uint64, out job.Output) error {
	r := o.Meta
	plan, err := physical.Decode(r.ViewDef.Plan)
	if err != nil {
		return err
	}
	inputs := map[uint32]job.Input{}
	for _, oid := range plan.Relations() {
		x, ok := d.Object(oid)
		if !ok {
			return sqlerr.New(sqlerr.DataCorrupted, "%s %q reads relation %d, which does not exist", r.Kind, r.Name, oid)
		}
		inputs[oid] = job.Input{Relation: x.Relation, Source: x.Source, Logged: x.Meta.Kind == catalog.Stream && x.Source == nil,
			Timed: x.Meta.Watermark != nil}
	}
	var gather func() connector.Gatherer
	if o.sink != nil {
		gather = o.sink.gather(plan)
	}
	at := r.Computation()
	recounts, err := d.recounts(at)
	if err != nil {
		return err
	}
	var ticks *relation.Relation
	if graph.Clocked(plan) {
		ticks = relation.NewStream(r.OID, r.Name, nil)
		ticks.Derive(relation.At(d.clock.Closed))
	}
	o.Job, err = job.New(job.Config{Name: r.Name, Plan: plan, Ticks: ticks, Mode: d.Mode(r), Stepwise: graph.Expires(plan),
		Epochwise: o.sink == nil && lateAbove(plan) || d.expiresAbove(r), Inputs: inputs, Began: began, Output: out, Gather: gather,
		Clock: d.clock, Log: d.log, Sched: d.cfg.Sched, Mem: o.mem, Env: ViewEnv{}, Faults: d.cfg.Faults, Late: d.late.of(at), Scratch: d.scratch,
		Recounts: recounts, Recounted: d.recounted(o),
		Stored:  func() (*job.Snapshot, error) { return d.stored(r) },
		Anew:    func() error { return d.anew(r) },
		Durable: func() uint64 { return d.durable(at) }})
	return err
}

// output is where the job's changes go: a view's content, or a sink's target.
func (d *Database) output(o *Object, plan *physical.Plan) (job.Output, error) {
	r, root := o.Meta, plan.Root()
	ts := plan.Output().Types
	if r.Kind == catalog.View {
		var key []int
		if root.HasKey && len(root.Key) > 0 {
			key = root.Key
		}
		if key == nil && r.AppendOnly {
			o.Relation = relation.NewAppendOnly(r.OID, r.Name, ts, o.mem)
		} else {
			o.Relation = relation.New(r.OID, r.Name, ts, key, o.mem)
		}
		o.renewal = &renewal{Relation: o.Relation}
		return o.renewal, nil
	}
	o.Relation = relation.NewStream(r.OID, r.Name, ts)
	given, also := connectorOptions(r, SinkOptions)
	sink, err := d.cfg.Connectors.Sink(given, also, connector.SinkConfig{ID: r.SinkDef.ID, Columns: sinkColumns(root, ts), Root: d.cfg.Root})
	if err != nil {
		return nil, err
	}
	o.sink = newSinkOutput(o.Relation, sink)
	return o.sink, nil
}

// start makes the object run.
func (o *Object) start(d *Database, positions map[string]connector.Position, times *epoch.StoredProgress) {
	if times == nil {
		times = epoch.NewStoredProgress()
	}
	switch {
	case o.Source != nil:
		d.clock.AddSource(o.Source, positions, times)
	case o.Marker != nil:
		o.progress = epoch.NewProgress(o.Relation, Timing(o.Meta), nil, times, d.cfg.Sched.Now())
		d.clock.AddStream(o.progress)
	}
	if o.Job != nil && o.Job.Failure() == nil {
		o.Job.Start()
	}
	if o.Meta.IndexDef != nil {
		o.startIndex(d)
	}
}

// stop ends what moves the object and gives back its memory.
func (o *Object) stop(d *Database) {
	if o.Job != nil {
		o.Job.Stop()
	}
	if o.sink != nil {
		if err := o.sink.close(); err != nil {
			d.cfg.Log.Warn("closing a sink", "sink", o.Meta.Name, "error", err)
		}
	}
	if o.Source != nil {
		d.clock.RemoveSource(o.Source)
		if err := o.Source.Source.Close(); err != nil {
			d.cfg.Log.Warn("closing a source", "stream", o.Meta.Name, "error", err)
		}
	}
	if o.progress != nil {
		d.clock.RemoveStream(o.progress)
	}
	if o.Meta.IndexDef != nil {
		o.stopIndex(d)
	}
	if o.Relation != nil {
		o.Relation.Release()
	}
}

// StreamOptions and SinkOptions are the options that CREATE STREAM and CREATE SINK take themselves; the rest are the connector's.
// TimeOptions are those that say how a watermark moves, and ViewOptions those of CREATE VIEW.
var (
	TimeOptions   = []string{"max_ahead", "idle_timeout", "idle_advance", "alignment_limit"}
	StreamOptions = append([]string{"retention"}, TimeOptions...)
	SinkOptions   = []string{"execution", "parallelism", "batch_interval", "allowed_lateness"}
	ViewOptions   = append(SinkOptions[:len(SinkOptions):len(SinkOptions)], "ttl")
)

func connectorOptions(r *catalog.Relation, own []string) (given []connector.Given, also []string) {
	for _, o := range r.Options {
		taken := false
		for _, name := range own {
			taken = taken || o.Name == name
		}
		if !taken {
			given = append(given, connector.Given{Name: o.Name, Value: o.Value})
		}
	}
	return given, own
}

func connectorColumns(r *catalog.Relation) []connector.Column {
	cols := make([]connector.Column, len(r.Columns))
	for i, c := range r.Columns {
		cols[i] = connector.Column{Name: c.Name, Type: c.Type}
	}
	return cols
}

func sinkColumns(root *physical.Root, ts []types.Type) []connector.Column {
	cols := make([]connector.Column, len(ts)-root.Hidden)
	for i := range cols {
		cols[i] = connector.Column{Name: root.Names[i], Type: ts[i]}
	}
	return cols
}

// History is how long blocks are kept for who comes late: AS OF, sinks and subscribers that lag.
const History = time.Minute
