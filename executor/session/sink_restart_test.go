package session

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/kv"
)

// target is where a sink's rows go: it outlives the server.
type target struct {
	epoch uint64
	rows  rows
}

// targetSink is the sink of one run of the server.
type targetSink struct {
	*target
	pending []*vec.Batch
}

func (s *targetSink) Committed() (uint64, bool) { return s.epoch, true }

func (s *targetSink) Write(_ uint64, b *vec.Batch) error {
	s.pending = append(s.pending, b.Clone())
	return nil
}

func (s *targetSink) Commit(epoch uint64) error {
	for _, b := range s.pending {
		if err := s.rows.Batch(b); err != nil {
			return err
		}
	}
	s.pending, s.epoch = nil, epoch
	return nil
}

func (s *targetSink) Close() error { return nil }

// TestSinkWritesOnce: after a crash a micro-batch begins where the snapshot is, and might go over the cut up to which the target has
// everything. It must not: what the target has would be written again.
func TestSinkWritesOnce(t *testing.T) {
	var out target
	open := func(store kv.Store) *Engine {
		set := connector.Set{{Name: "target", NewSink: func(connector.SinkConfig) (connector.Sink, error) { return &targetSink{target: &out}, nil }}}
		db, err := database.Open(database.Config{Store: store, Sched: sched.NewLive(), Tasks: 1, BindWatermark: BindWatermark, Connectors: set})
		require.NoError(t, err)
		t.Cleanup(db.Close)
		return New(Config{Database: db})
	}
	for _, over := range []string{"k", "v"} {
		out = target{}
		store := kv.NewMem(1)
		c := connect(t, open(store))
		c.exec(`CREATE TABLE k (a int)`, `CREATE VIEW v WITH (execution = 'microbatch', batch_interval = '1 hour') AS SELECT a FROM k`,
			`CREATE SINK s AS SELECT a FROM `+over+` WITH (connector = 'target', execution = 'microbatch', batch_interval = '1 hour')`,
			`INSERT INTO k VALUES (1)`, `FLUSH`, `INSERT INTO k VALUES (2)`, `FLUSH`)
		require.Len(t, out.rows.texts, 2)

		c = connect(t, open(store.Crash()))
		c.exec(`INSERT INTO k VALUES (3)`, `FLUSH`)
		require.ElementsMatch(t, [][]string{{"1"}, {"2"}, {"3"}}, out.rows.texts, over)
	}
}
