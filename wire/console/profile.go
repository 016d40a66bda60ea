package console

import (
	"net/http"
	"net/http/pprof"
)

// profiles serves what `go tool pprof` reads, under the usual paths: go tool pprof http://127.0.0.1:7480/debug/pprof/profile.
func profiles(mux *http.ServeMux) {
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
}
