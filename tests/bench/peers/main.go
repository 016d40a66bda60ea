package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// config is what the flags say.
type config struct {
	queries     []string
	peers       []string
	execution   string
	events      int64
	eventRate   int64
	runs        int
	checkEvents int64
	warmUp      int64
	sparkBatch  int64
	timeout     time.Duration
	cache       string
	streamdb    string
	out         string
}

func main() {
	c, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func parse(args []string) (c config, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return c, err
	}
	f := flag.NewFlagSet("peers", flag.ExitOnError)
	queries := f.String("query", strings.Join(allQueries, ","), "queries, with commas between")
	peers := f.String("peers", "flink,spark", "peers, with commas between")
	f.StringVar(&c.execution, "execution", "", "StreamDB's model (default: pipelined against Flink, microbatch against Spark)")
	f.Int64Var(&c.events, "events", 0, "events, of the three tables together (default: as many as Flink takes some 20 s for)")
	f.Int64Var(&c.eventRate, "event-rate", 10_000_000, "events per second of event time")
	f.IntVar(&c.runs, "runs", 3, "pairs of runs of which the median counts; 0 only compares the answers")
	f.Int64Var(&c.checkEvents, "check-events", 1_000_000, "events for which answers are compared; 0 compares none")
	f.Int64Var(&c.warmUp, "warm-up", 2_000_000, "events that a peer gets before those that are timed")
	f.Int64Var(&c.sparkBatch, "spark-batch", 1_000_000, "events in one of Spark's micro-batches")
	f.DurationVar(&c.timeout, "timeout", 10*time.Minute, "how long a peer's run may take")
	f.StringVar(&c.cache, "cache", filepath.Join(cache, "streamdb-peers"), "folder for the peers")
	f.StringVar(&c.streamdb, "streamdb", "", "the streamdb binary (default: built from this tree)")
	f.StringVar(&c.out, "out", "", "file that each run is appended to, as a line of JSON")
	if err := f.Parse(args); err != nil {
		return c, err
	}
	c.queries, c.peers = strings.Split(*queries, ","), strings.Split(*peers, ",")
	for _, q := range c.queries {
		if !slices.Contains(allQueries, q) {
			return c, fmt.Errorf("there is no query %q; there are %s", q, strings.Join(allQueries, ", "))
		}
	}
	return c, nil
}

func run(ctx context.Context, c config) error {
	installed, err := install(ctx, c)
	if err != nil {
		return err
	}
	if err := installed.compareGenerator(ctx, c.eventRate); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "streamdb-peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	report, err := newReport(c.out)
	if err != nil {
		return err
	}
	defer report.close()
	differ := 0
	for _, name := range c.peers {
		p, err := installed.peer(name, c)
		if err != nil {
			return err
		}
		execution := c.execution
		if execution == "" {
			execution = p.model
		}
		t := &contest{config: c, peer: p, engine: engine{binary: installed.streamdb, execution: execution}, work: work, report: report}
		if err := t.run(ctx); err != nil {
			return err
		}
		differ += t.differ
	}
	if differ > 0 {
		return fmt.Errorf("the answers of %d queries differ: see the tables", differ)
	}
	return nil
}
