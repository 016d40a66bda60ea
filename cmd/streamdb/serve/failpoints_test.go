package serve

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/failpoint"
)

// TestFailpoints arms places by HTTP.
func TestFailpoints(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	set, done := &failpoint.Set{}, make(chan error, 1)
	go func() { done <- serveFailpoints(ctx, l, set) }()
	ask := func(method, query string) int {
		r, err := http.NewRequestWithContext(ctx, method, "http://"+l.Addr().String()+"/?"+query, nil)
		require.NoError(t, err)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		return answer.StatusCode
	}
	require.Equal(t, http.StatusOK, ask(http.MethodPost, "place=microbatch/task&delay=5ms&every=2&slow=3"))
	require.Zero(t, set.Hit(failpoint.Task))
	require.Equal(t, failpoint.Fault{Delay: 5 * time.Millisecond, Slow: 3}, set.Hit(failpoint.Task))
	require.Equal(t, http.StatusOK, ask(http.MethodPost, "place=pipelined/barrier&panic=true&times=1&count=3"))
	require.Equal(t, failpoint.Fault{Panic: true, Count: 3}, set.Hit(failpoint.Barrier))
	require.Zero(t, set.Hit(failpoint.Barrier))
	for _, wrong := range []string{"", "place=nowhere", "place=microbatch/task&delay=5", "place=microbatch/task&sometimes=1"} {
		require.Equal(t, http.StatusBadRequest, ask(http.MethodPost, wrong), wrong)
	}
	require.Equal(t, http.StatusMethodNotAllowed, ask(http.MethodGet, "place=microbatch/task"))
	require.Equal(t, http.StatusOK, ask(http.MethodDelete, ""))
	require.Zero(t, set.Hit(failpoint.Task))
	require.Zero(t, set.Hit(failpoint.Task))
	stop()
	require.NoError(t, <-done)
}
