package nexmark

import (
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// open makes a source of a table with the columns named (none: all) and the options given.
func open(t testing.TB, table string, columns []string, options ...connector.Given) connector.Source {
	t.Helper()
	var cols []connector.Column
	for _, c := range tables[table].columns {
		if columns == nil {
			cols = append(cols, c.Column)
		}
		for _, name := range columns {
			if c.Name == name {
				cols = append(cols, c.Column)
			}
		}
	}
	given := append([]connector.Given{{Name: "connector", Value: "nexmark"}, {Name: "table", Value: table}}, options...)
	s, err := connector.Set{Connector}.Source(given, nil, connector.SourceConfig{Columns: cols})
	require.NoError(t, err)
	return s
}

func option(name string, value int64) connector.Given {
	return connector.Given{Name: name, Value: strconv.FormatInt(value, 10), Offset: -1}
}

// all is the indices of a source's columns, and a batch for them.
func all(s connector.Source) ([]int, *vec.Batch) {
	cols := s.(*source).columns
	wanted, ts := make([]int, len(cols)), make([]types.Type, len(cols))
	for i, c := range cols {
		wanted[i], ts[i] = i, c.Type
	}
	return wanted, vec.NewBatch(ts, vec.BatchSize)
}

// drain reads a range of positions to its end and counts rows.
func drain(t testing.TB, s connector.Source, from, until connector.Position) (rows int) {
	drainTo(t, s, from, until, func(b *vec.Batch) { rows += b.N })
	return rows
}

func drainTo(t testing.TB, s connector.Source, from, until connector.Position, use func(*vec.Batch)) {
	wanted, b := all(s)
	r, err := s.Open(splitName, from, wanted)
	require.NoError(t, err)
	for done := false; !done; use(b) {
		_, done, err = r.Poll(b, vec.BatchSize, until)
		require.NoError(t, err)
	}
}

// BenchmarkColumn is what each column costs by itself, per row.
func BenchmarkColumn(b *testing.B) {
	for _, table := range []string{"person", "auction", "bid"} {
		for _, c := range tables[table].columns {
			b.Run(table+"/"+c.Name, func(b *testing.B) { benchmarkRows(b, table, []string{c.Name}) })
		}
		b.Run(table+"/all", func(b *testing.B) { benchmarkRows(b, table, nil) })
	}
}

func benchmarkRows(b *testing.B, table string, columns []string) {
	s := open(b, table, columns)
	b.ReportAllocs()
	l := tables[table]
	rows := drain(b, s, 0, connector.Position(uint64(b.N)*eventsPerGroup/l.count))
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
}

// BenchmarkEvents makes all columns of all tables, with as many readers of adjacent ranges as the name says; an operation is
// an event. Copied is with a copy of every batch, texts and all, as whoever keeps the rows makes.
func BenchmarkEvents(b *testing.B) {
	for _, readers := range []int{1, 2} {
		b.Run(strconv.Itoa(readers), func(b *testing.B) { benchmarkEvents(b, readers, func(*vec.Batch, *vec.Batch) {}) })
		b.Run(strconv.Itoa(readers)+"/copied", func(b *testing.B) {
			benchmarkEvents(b, readers, func(keep, batch *vec.Batch) {
				keep.Reset()
				keep.AppendBatch(batch)
			})
		})
	}
}

func benchmarkEvents(b *testing.B, readers int, use func(keep, batch *vec.Batch)) {
	b.ReportAllocs()
	part := uint64(b.N)/uint64(readers) + 1
	var wg sync.WaitGroup
	for i := range uint64(readers) {
		wg.Go(func() {
			for table := range tables {
				s := open(b, table, nil)
				_, keep := all(s)
				drainTo(b, s, connector.Position(i*part), connector.Position((i+1)*part), func(batch *vec.Batch) { use(keep, batch) })
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(part*uint64(readers))/b.Elapsed().Seconds()/1e6, "Mevents/s")
}
