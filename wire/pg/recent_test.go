package pg

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/engine"
)

// repeatable is a statement that counts how often it was closed.
type repeatable struct {
	engine.Statement
	stale  bool
	closed int
}

func (s *repeatable) Fresh() bool { return !s.stale }
func (s *repeatable) Close()      { s.closed++ }

func (s *repeatable) As(string) engine.Statement { return s }

// offered is a statement that was prepared, offered, used and let go.
func offered(r *recent, text string, types ...uint32) *repeatable {
	x := &repeatable{}
	s := &statement{query: text, stmt: x, users: 1}
	r.offer(s, types)
	s.release()
	return x
}

func TestRecent(t *testing.T) {
	var r recent
	require.Equal(t, 1, offered(&r, "a").closed, "the first time is no reason to keep it")
	require.Nil(t, r.find("a", nil))
	a := offered(&r, "a")
	require.Zero(t, a.closed)
	require.Same(t, a, r.find("a", nil).stmt)
	require.Nil(t, r.find("a", []uint32{23}), "other parameter types mean another statement")
	offered(&r, "a", 23)
	require.NotSame(t, a, r.find("a", []uint32{23}).stmt)

	a.stale = true
	require.Nil(t, r.find("a", nil))
	require.Equal(t, 1, a.closed)
	require.NotNil(t, r.find("a", []uint32{23}))
	r.close()
	require.Nil(t, r.find("a", []uint32{23}))

	stale := &repeatable{stale: true}
	for range 3 {
		r.offer(&statement{query: "now", stmt: stale, users: 1}, nil)
	}
	require.Nil(t, r.find("now", nil))
}

// TestRecentKeepsTheLastUsed: the one that was not used for longest makes room, and a portal keeps what was dropped alive.
func TestRecentKeepsTheLastUsed(t *testing.T) {
	var r recent
	made := make([]*repeatable, keptStatements)
	for i := range made {
		text := fmt.Sprint("q", i)
		for made[i] = offered(&r, text); made[i].closed > 0; made[i] = offered(&r, text) {
		}
	}
	first := r.find("q0", nil)
	first.users++ // a portal
	for i := 1; i < keptStatements; i++ {
		require.NotNil(t, r.find(fmt.Sprint("q", i), nil))
	}
	for offered(&r, "one more").closed > 0 {
	}
	require.Len(t, r.kept, keptStatements)
	require.Nil(t, r.find("q0", nil))
	require.NotNil(t, r.find("q1", nil))
	require.Zero(t, made[0].closed)
	first.release()
	require.Equal(t, 1, made[0].closed)
}
