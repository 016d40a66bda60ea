package database

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
)

// expiryShape is SELECT k, v FROM r in a view with ttl.
func expiryShape(ttl int64) *shape {
	return &shape{name: "expiry", inputs: 1, plan: func(s *simulation, p *planner, in []uint32) int {
		return p.add(&physical.Expiry{After: ttl, Keys: []int{0}}, pair, p.hash(p.scan(in[0], pair), 0))
	}}
}

// expiring makes v a view with ttl over what never stops: then when its rows came follows from the epochs alone.
func (s *simulation) expiring(v *modelView) {
	from := append([]uint32{s.model.source}, s.tables...)
	for _, x := range s.model.views {
		if s.model.sound(x) {
			from = append(from, x.oid)
		}
	}
	v.ttl = 1000 * (1 + s.rng.Int64N(2000))
	v.shape, v.inputs = expiryShape(v.ttl), []uint32{from[s.rng.IntN(len(from))]}
}

// ttlOption is the option of a view, if it is one with ttl.
func ttlOption(v *modelView) []catalog.Option {
	if v.ttl == 0 {
		return nil
	}
	return []catalog.Option{{Name: "ttl", Value: fmt.Sprintf("%d microseconds", v.ttl)}}
}

// sound reports whether neither a view nor one below it can stop, or goes by something else than the epochs' rows.
func (m *model) sound(v *modelView) bool {
	if v.shape == nil || v.shape.name == "quotient" {
		return false
	}
	for _, oid := range v.inputs {
		if x := m.view(oid); x != nil && !m.sound(x) {
			return false
		}
	}
	return true
}

// aged are copies of a row that go together.
type aged struct {
	row    row
	copies int64
	goes   int64
}

// expiry is a view with ttl, epoch by epoch.
type expiry struct {
	at    uint64 // epoch that is known last
	in    bag    // the input then
	shown []aged // those that came first first
	then  map[uint64]bag
}

// expiry is what a view with ttl has at an epoch.
func (m *model) expiry(v *modelView, epoch uint64) bag {
	x := v.expiry
	if x == nil {
		x = &expiry{at: v.began - 1, then: map[uint64]bag{}}
		v.expiry = x
	}
	for x.at < epoch {
		x.at++
		x.step(m.at(v.inputs[0], x.at), m.time(x.at), v.ttl)
	}
	return x.then[epoch]
}

// step goes to the end of an epoch.
func (x *expiry) step(in bag, now, ttl int64) {
	kept := x.shown[:0:0]
	for _, a := range x.shown {
		if a.goes > now {
			kept = append(kept, a)
		}
	}
	x.shown = kept
	for r, w := range in {
		if n := w - x.in[r]; n > 0 {
			x.shown = append(x.shown, aged{r, n, now + ttl})
		}
	}
	for r, w := range x.in {
		left := w - in[r]
		for i := range x.shown {
			if a := &x.shown[i]; a.row == r && left > 0 {
				n := min(left, a.copies)
				a.copies, left = a.copies-n, left-n
			}
		}
	}
	x.in, x.then[x.at] = in, bag{}
	for _, a := range x.shown {
		if a.copies > 0 {
			x.then[x.at].add(a.row, a.copies)
		}
	}
}

// time is the recorded time of an epoch, or of the last one before it.
func (s *simulation) time(epoch uint64) int64 {
	if closed := s.db.clock.Closed(); s.pullsTo < closed {
		s.readPulls(closed)
	}
	for ; epoch > 0; epoch-- {
		if t, ok := s.times[epoch]; ok {
			return t
		}
	}
	return 0
}

// reconcileExpiry forgets what a crash has changed: the newest epochs.
func (s *simulation) reconcileExpiry(last uint64) {
	for e := range s.times {
		if e > last {
			delete(s.times, e)
		}
	}
	for _, v := range s.model.views {
		v.expiry = nil
	}
}

// bornAt is the epoch at which a view came to be.
func (s *simulation) bornAt(v *modelView) uint64 {
	r, ok := s.db.Catalog().RelationByOID(v.oid)
	require.True(s.t, ok)
	began, err := s.db.created(r)
	require.NoError(s.t, err)
	return began
}
