package console

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type fixed struct{}

func (fixed) Each(f func(name, help string, gauge bool, value float64)) {
	f("streamdb_test_rows_total", "Rows.", false, 7)
	f("streamdb_test_sessions", "Sessions.", true, 2)
}

func get(t *testing.T, h http.Handler, method, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
	return w.Code, w.Body.String()
}

func TestHandler(t *testing.T) {
	var sick error
	h := Handler(Config{Sources: []Source{fixed{}}, Health: func(context.Context) error { return sick }})
	code, body := get(t, h, "GET", "/healthz")
	require.Equal(t, http.StatusOK, code)
	require.Equal(t, "ok\n", body)
	sick = errors.New("recovering")
	code, body = get(t, h, "GET", "/healthz")
	require.Equal(t, http.StatusServiceUnavailable, code)
	require.Equal(t, "recovering\n", body)

	code, body = get(t, h, "GET", "/metrics")
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, body, "# TYPE streamdb_test_rows_total counter\nstreamdb_test_rows_total 7\n")
	require.Contains(t, body, "# TYPE streamdb_test_sessions gauge\nstreamdb_test_sessions 2\n")
	require.Contains(t, body, "go_goroutines")

	code, _ = get(t, h, "POST", "/metrics")
	require.Equal(t, http.StatusMethodNotAllowed, code)
	code, _ = get(t, h, "GET", "/nothing")
	require.Equal(t, http.StatusNotFound, code)
}

func TestServe(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- Serve(ctx, l, Config{}) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Get("http://" + l.Addr().String() + "/healthz")
	require.NoError(t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, "ok\n", string(body))
	cancel()
	require.NoError(t, <-served)
	_, err = client.Get("http://" + l.Addr().String() + "/healthz")
	require.Error(t, err)
}
