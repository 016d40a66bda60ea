package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

// options are what is measured.
type options struct {
	server      string
	views       int
	mix         string
	execution   string
	source      string
	subscribers int
	epochs      int
	rows        int
	profile     string
	heap        string
}

func main() {
	var o options
	flag.StringVar(&o.server, "server", "", "the streamdb binary to measure")
	flag.IntVar(&o.views, "views", 0, "measure so many views over one stream")
	flag.StringVar(&o.mix, "mix", "groups", "which views: groups (100 different GROUP BY queries), filters (all different), equal")
	flag.StringVar(&o.execution, "execution", "pipelined", "the model of the views")
	flag.StringVar(&o.source, "source", "client", "what the stream of the views is: client, or nexmark (-rows a second, made by the connector)")
	flag.IntVar(&o.subscribers, "subscribers", 0, "measure so many subscribers to one view")
	flag.IntVar(&o.epochs, "epochs", 50, "how many inserts are timed")
	flag.IntVar(&o.rows, "rows", 100, "rows of each insert")
	flag.StringVar(&o.profile, "profile", "", "write a CPU profile of the server during the inserts to this file")
	flag.StringVar(&o.heap, "heap", "", "write a heap profile of the server after the inserts to this file")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if o.server == "" || (o.views == 0) == (o.subscribers == 0) {
		return fmt.Errorf("-server, and one of -views and -subscribers, must be given")
	}
	s, err := startServer(ctx, o.server)
	if err != nil {
		return err
	}
	defer func() {
		if e := s.stop(); err == nil {
			err = e
		}
	}()
	measure := measureSubscribers
	if o.views > 0 {
		measure = measureViews
	}
	if err := measure(ctx, s, o); err != nil || o.heap == "" {
		return err
	}
	return s.save("/debug/pprof/heap?gc=1", o.heap)
}

// figure prints one.
func figure(name, format string, args ...any) {
	fmt.Printf("%-34s %s\n", name, fmt.Sprintf(format, args...))
}
