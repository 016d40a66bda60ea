package limit

import (
	"errors"
	"fmt"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/nexmark"
	"github.com/streamdb/streamdb/cmd/streamdb/serve"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// Select is the query in SQL.
func (q Query) Select() string {
	if q.SQL != "" {
		return q.SQL
	}
	for _, full := range nexmark.Queries() {
		if full.Name == q.Name {
			return full.SQL
		}
	}
	return ""
}

// Answer runs the loop and gives how many rows it made and their checksum, which is made only if asked for.
func (q Query) Answer(e Events, checksum bool) (t connector.Taken, err error) {
	made, err := serve.Connectors.Sink([]connector.Given{{Name: "connector", Value: "blackhole"}, {Name: "checksum", Value: fmt.Sprint(checksum)}},
		nil, connector.SinkConfig{Columns: q.Columns})
	if err != nil {
		return t, err
	}
	sink := made.(connector.Gathering)
	tasks, failed := make([]connector.Gatherer, e.Workers), make([]error, e.Workers+1)
	for w := range tasks {
		tasks[w] = sink.Gather()
	}
	failed[e.Workers] = q.Run(e, func(w int, b *vec.Batch) {
		if err := tasks[w].Add(b); err != nil {
			failed[w] = err
		}
	})
	if err := errors.Join(failed...); err != nil {
		return t, err
	}
	for _, g := range tasks {
		for _, b := range g.Take() {
			if err := sink.Write(1, b); err != nil {
				return t, err
			}
		}
	}
	if err := sink.Commit(1); err != nil {
		return t, err
	}
	t, _ = made.(connector.Counting).Taken()
	return t, nil
}
