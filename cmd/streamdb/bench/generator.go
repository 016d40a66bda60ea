package bench

import (
	"fmt"
	"sync"
	"time"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/nexmark"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
	"github.com/streamdb/streamdb/cmd/streamdb/serve"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
	source "github.com/streamdb/streamdb/storage/connector/nexmark"
)

// generate measures the events alone, with all columns of the three tables, made in this process by as many readers as a stage has
// tasks: what no query can be faster than, if it reads them all.
func (n *Nexmark) generate() (r Result, err error) {
	checked, err := n.drain(true)
	if err != nil {
		return r, err
	}
	before, err := process.UsageOf("self")
	if err != nil {
		return r, err
	}
	began := time.Now()
	counted, err := n.drain(false)
	if err != nil {
		return r, err
	}
	seconds := time.Since(began).Seconds()
	after, err := process.UsageOf("self")
	if err != nil {
		return r, err
	}
	if counted.Rows != checked.Rows || counted.Rows != n.Events {
		return r, fmt.Errorf("wrong answer: %d and %d rows of %d events", counted.Rows, checked.Rows, n.Events)
	}
	rate, cpu, sum := float64(n.Events)/seconds, after.CPU-before.CPU, fmt.Sprintf("%016x", checked.Checksum)
	state := int64(0)
	return Result{Seconds: &seconds, EventsPerS: &rate, CPUSeconds: &cpu, PeakRSSBytes: &after.PeakRSS, StateBytes: &state,
		Rows: &counted.Rows, Checksum: &sum}, nil
}

// drain makes all events and gives them to sinks that count them.
func (n *Nexmark) drain(checksum bool) (sum connector.Taken, err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, name := range nexmark.Tables {
		t, err := n.open(name, checksum)
		if err != nil {
			return sum, err
		}
		for task := range n.Parallelism {
			wg.Go(func() {
				from := connector.Position(n.Events * int64(task) / int64(n.Parallelism))
				to := connector.Position(n.Events * int64(task+1) / int64(n.Parallelism))
				taken, e := t.drain(from, to)
				mu.Lock()
				defer mu.Unlock()
				if e != nil {
					err = e
				}
				sum.Rows, sum.Checksum = sum.Rows+taken.Rows, sum.Checksum+taken.Checksum
			})
		}
		wg.Wait()
	}
	return sum, err
}

// generated is a table of the generator and where its rows go.
type generated struct {
	columns  []connector.Column
	source   connector.Source
	checksum string
}

func (n *Nexmark) open(table string, checksum bool) (t generated, err error) {
	t = generated{columns: source.Columns(table), checksum: fmt.Sprint(checksum)}
	t.source, err = serve.Connectors.Source([]connector.Given{{Name: "connector", Value: "nexmark"}, {Name: "table", Value: table},
		{Name: "events", Value: fmt.Sprint(n.Events)}, {Name: "event_rate", Value: fmt.Sprint(n.EventRate)}}, nil,
		connector.SourceConfig{Columns: t.columns})
	return t, err
}

// drain reads a range of events into a sink.
func (t generated) drain(from, to connector.Position) (connector.Taken, error) {
	none := connector.Taken{}
	made, err := serve.Connectors.Sink([]connector.Given{{Name: "connector", Value: "blackhole"}, {Name: "checksum", Value: t.checksum}},
		nil, connector.SinkConfig{Columns: t.columns})
	if err != nil {
		return none, err
	}
	sink := made.(connector.Counting)
	all, ts := make([]int, len(t.columns)), make([]types.Type, len(t.columns))
	for i, c := range t.columns {
		all[i], ts[i] = i, c.Type
	}
	reader, err := t.source.Open(t.source.Splits()[0], from, all)
	if err != nil {
		return none, err
	}
	defer reader.Close()
	batch := vec.NewBatch(ts, vec.BatchSize)
	for done := false; !done; {
		if _, done, err = reader.Poll(batch, vec.BatchSize, to); err != nil {
			return none, err
		}
		if err := sink.Write(1, batch); err != nil {
			return none, err
		}
	}
	if err := sink.Commit(1); err != nil {
		return none, err
	}
	taken, _ := sink.Taken()
	return taken, nil
}
