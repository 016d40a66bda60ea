package serve

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/streamdb/streamdb/executor/failpoint"
)

// failpoints gives the places that can fail, which is nil unless they are asked for, and what ends listening for what is to happen at them.
func failpoints(cfg Config) (set *failpoint.Set, stop func(), err error) {
	if cfg.Failpoints == "" {
		return nil, func() {}, nil
	}
	l, err := net.Listen("tcp", cfg.Failpoints)
	if err != nil {
		return nil, nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	set = &failpoint.Set{}
	go func() {
		if err := serveFailpoints(ctx, l, set); err != nil {
			cfg.Log.Error("fail points", "error", err)
		}
	}()
	return set, stop, nil
}

// serveFailpoints lets benchmarks make places fail while the server runs, until ctx ends:
//
//	POST   /?place=microbatch/task&slow=9&every=8       each eighth task takes ten times as long
//	POST   /?place=pipelined/barrier&panic=true&times=1 the next task that cuts breaks down
//	DELETE /                                            all is sound again
//
// It is a listener of its own, which only the flag --failpoints opens: the console changes nothing.
func serveFailpoints(ctx context.Context, l net.Listener, set *failpoint.Set) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) {
		name, rule, err := parseRule(r.URL.Query())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		set.Follow(name, rule)
	})
	mux.HandleFunc("DELETE /{$}", func(http.ResponseWriter, *http.Request) { set.Clear() })
	s := &http.Server{Handler: mux, ReadTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// parseRule reads a place and what is to happen there. A name that is not known is an error: it would never fail.
func parseRule(q url.Values) (n failpoint.Name, r failpoint.Rule, err error) {
	number := func(text string, to *int) (err error) {
		*to, err = strconv.Atoi(text)
		return err
	}
	for key, values := range q {
		text, err := values[0], error(nil)
		switch key {
		case "place":
			n = failpoint.Name(text)
		case "delay":
			r.Delay, err = time.ParseDuration(text)
		case "slow":
			err = number(text, &r.Slow)
		case "panic":
			r.Panic, err = strconv.ParseBool(text)
		case "count":
			err = number(text, &r.Count)
		case "every":
			err = number(text, &r.Every)
		case "times":
			err = number(text, &r.Times)
		default:
			err = errors.New("there is no " + key)
		}
		if err != nil {
			return n, r, err
		}
	}
	if !slices.Contains(failpoint.All, n) {
		return n, r, errors.New("there is no place " + strconv.Quote(string(n)))
	}
	return n, r, nil
}
