package main

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fake is a session of a shell script that plays the peer.
func fake(t *testing.T, script string) *session {
	p, err := startClient(t.Context(), t.TempDir(), "fake", "sh", "-c", script)
	require.NoError(t, err)
	s := newSession(filepath.Dir(p.log), p, p)
	t.Cleanup(func() { require.NoError(t, s.stop()) })
	return s
}

func TestSessionAsks(t *testing.T) {
	s := fake(t, `while IFS='	' read -r query results events rate begin work; do
		case $query in
		timed) printf 'seconds\t1.5\n' ;;
		asked) echo "3 18446744073709551615" >"$results/0"; echo "-1 $events" >"$results/1"; printf 'seconds\t1\n' ;;
		silent) printf 'seconds\t1\n' ;;
		refused) printf 'refused\tno\n' ;;
		failed) printf 'failed\tyes\n' ;;
		*) echo "last words" >&2; exit 1 ;;
		esac
	done`)
	seconds, err := s.run(t.Context(), job{query: "timed"})
	require.NoError(t, err)
	require.Equal(t, 1.5, seconds)
	sum, err := s.ask(t.Context(), job{query: "asked", events: 7})
	require.NoError(t, err)
	require.Equal(t, answer{2, 6}, sum)
	_, err = s.ask(t.Context(), job{query: "silent"})
	require.ErrorContains(t, err, "no answer")
	_, err = s.run(t.Context(), job{query: "refused"})
	require.Equal(t, refused{"no"}, err)
	_, err = s.run(t.Context(), job{query: "failed"})
	require.EqualError(t, err, "yes")
	_, err = s.run(t.Context(), job{query: "other"})
	require.ErrorContains(t, err, "last words")
}

func TestSessionIsCut(t *testing.T) {
	s := fake(t, "exec sleep 1000")
	why := errors.New("too long")
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Millisecond, why)
	defer cancel()
	_, err := s.run(ctx, job{})
	require.Equal(t, why, err)
}
