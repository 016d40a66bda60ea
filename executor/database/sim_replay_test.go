package database

import (
	"github.com/stretchr/testify/require"
)

// replayLate makes the late rows of a window view count, without waiting for it.
func (s *simulation) replayLate() {
	for _, v := range s.model.views {
		if v.shape != nil || s.rng.IntN(2) == 0 {
			continue
		}
		e := s.db.clock.Closed() + 1
		err := s.db.replayLate(v.oid, func(err error) {
			if err != nil {
				s.broken = true
				return
			}
			v.recounts = append(v.recounts, e)
			s.log("late rows of %d count up to %d", v.oid, e)
		})
		s.log("replay the late rows of %d: %v", v.oid, err)
	}
}

// reconcileRecounts takes over what a crash has left of them: all that were acknowledged, and perhaps one that was not.
func (s *simulation) reconcileRecounts() {
	for _, v := range s.model.views {
		stored, err := s.db.recounts(v.oid)
		require.NoError(s.t, err)
		require.GreaterOrEqual(s.t, len(stored), len(v.recounts))
		require.Equal(s.t, append([]uint64(nil), v.recounts...), append([]uint64(nil), stored[:len(v.recounts)]...))
		v.recounts = stored
	}
}
