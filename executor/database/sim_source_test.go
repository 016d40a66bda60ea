package database

import (
	"time"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// sourceRows is how many rows the simulated source has, and sourcePace how long it takes to give one.
const (
	sourceRows = 400
	sourcePace = 5 * time.Millisecond
)

// sourceRow is the n-th row of the simulated source.
func sourceRow(n int64) row { return row{n * 7 % 5, 14 + n%3} }

// simSource is a bounded, divisible source paced by the clock: a pure function of the position.
type simSource struct{}

var simConnector = connector.Connector{Name: "sim", NewSource: func(connector.SourceConfig) (connector.Source, error) { return simSource{}, nil }}

func (simSource) Traits() connector.Traits {
	return connector.Traits{Replayable: true, Bounded: true, Paced: true, Divisible: true}
}
func (simSource) Splits() []string { return []string{"0"} }
func (simSource) Due(elapsed time.Duration) connector.Position {
	return connector.Position(min(sourceRows, max(0, int64(elapsed/sourcePace))))
}
func (simSource) End() connector.Position { return sourceRows }
func (simSource) Close() error            { return nil }
func (simSource) Open(_ string, from connector.Position, wanted []int) (connector.Reader, error) {
	return &simReader{from, wanted}, nil
}

type simReader struct {
	at     connector.Position
	wanted []int
}

func (r *simReader) Poll(dst *vec.Batch, maxRows int, until connector.Position) (connector.Position, bool, error) {
	dst.Reset()
	until = min(until, sourceRows)
	for ; r.at < until && dst.N < maxRows; r.at++ {
		row := sourceRow(int64(r.at))
		values := make([]types.Datum, len(r.wanted))
		for i, c := range r.wanted {
			values[i] = types.NewInt(row[c])
		}
		dst.AppendRow(1, values...)
	}
	return r.at, r.at >= until, nil
}

func (r *simReader) Close() error { return nil }
