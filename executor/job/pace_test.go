package job

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/kv"
)

// source is one of which only its traits are asked.
type source struct {
	connector.Source
	paced bool
}

func (s source) Traits() connector.Traits { return connector.Traits{Paced: s.paced} }

// TestPace: sources go ahead of a job that only gathers a micro-batch, and of no other.
func TestPace(t *testing.T) {
	log, err := changelog.Open(kv.NewMem(1))
	require.NoError(t, err)
	sim := sched.NewSim(1)
	clock := epoch.New(log, sim, func(uint32) *relation.Relation { return nil })
	clock.Submit(&epoch.Commit{Done: func(uint64, error) {}})
	for i := range uint64(maxGathered) {
		clock.Submit(&epoch.Commit{Done: func(uint64, error) {}})
		require.NoError(t, sim.Run(100, func() bool { return clock.Closed() == i+1 }))
	}
	for name, c := range map[string]struct {
		batched, paced bool
		flying         int
		restarting     bool
		behind         bool // more waits for its next batch than is gathered for one
		ahead          bool
	}{
		"gathering":          {batched: true, paced: true, flying: 1, ahead: true},
		"a batch waits":      {batched: true, paced: true, flying: 2, ahead: true},
		"behind":             {batched: true, paced: true, flying: 2, behind: true},
		"begun again":        {batched: true, paced: true, restarting: true},
		"unpaced":            {batched: true},
		"pipelined":          {paced: true},
		"pipelined and full": {paced: true, flying: 4},
	} {
		j := &Job{cfg: Config{Mode: Mode{Batched: c.batched, Interval: time.Second}, Clock: clock, Inputs: map[uint32]Input{1: {Source: &epoch.Source{Source: source{paced: c.paced}}}}},
			issued: clock.Closed(), flying: make([]flight, c.flying)}
		if c.behind {
			j.issued -= maxGathered
		}
		if c.restarting {
			j.restarts.until = 1
		}
		j.keepPace()
		want := uint64(0)
		if c.ahead {
			want = clock.Closed()
		}
		require.Equal(t, want, j.pace(), name)
		require.Equal(t, c.batched, j.epochLength() > 0, name)
		j.flying, j.issued = append(j.flying, flight{}, flight{}), 0
		j.keepPace()
		require.Zero(t, j.pace(), name)
	}
}
