package main

import (
	"context"
	"errors"
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
	markdown    string
	seconds     float64
	budget      time.Duration
	deadline    time.Time // of the budget; zero without one

	latencyRate    int64
	latencySeconds float64
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
	f.Int64Var(&c.events, "events", -1, "events, of the three tables together (default: as many as the peer needs -seconds for)")
	f.Float64Var(&c.seconds, "seconds", longestRun, "about how long a peer's timed run takes on two idle cores")
	f.DurationVar(&c.budget, "budget", 0, "how long all may take about: runs are made shorter, down to some seconds, and none is begun later")
	f.Int64Var(&c.eventRate, "event-rate", 10_000_000, "events per second of event time")
	f.IntVar(&c.runs, "runs", 3, "pairs of runs of which the median counts; 0 only compares the answers")
	f.Int64Var(&c.checkEvents, "check-events", -1, "events for which answers are compared; 0 compares none (default: two seconds of the peer's, at most 1,000,000)")
	f.Int64Var(&c.warmUp, "warm-up", -1, "events that a peer gets before those that are timed (default: five seconds of the peer's, at most 2,000,000)")
	f.Int64Var(&c.sparkBatch, "spark-batch", 1_000_000, "events in one of Spark's micro-batches")
	f.Int64Var(&c.latencyRate, "latency-rate", 100_000, "events a second at which latency is measured; 0 does not")
	f.Float64Var(&c.latencySeconds, "latency-seconds", 15, "how long it is measured, after as long a warm-up")
	f.DurationVar(&c.timeout, "timeout", 0, "how long a peer's run may take (default: 10m; within a budget six times -seconds)")
	f.StringVar(&c.cache, "cache", filepath.Join(cache, "streamdb-peers"), "folder for the peers")
	f.StringVar(&c.streamdb, "streamdb", "", "the streamdb binary (default: built from this tree)")
	f.StringVar(&c.out, "out", "", "file that each pair of runs is appended to, as a line of JSON; pairs of this commit that it has are not run again")
	f.StringVar(&c.markdown, "markdown", "", "file for the tables, written anew after each pair")
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
	peers, err := c.opponents(installed)
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
	report, err := newReport(c.out, installed.commit)
	if err != nil {
		return err
	}
	return errors.Join(c.contests(ctx, installed, peers, work, report), report.close())
}

// opponents are the peers; the budget is shared out among the queries that they answer.
func (c *config) opponents(installed installation) (peers []*peer, err error) {
	pairs := 0
	for _, name := range c.peers {
		p, err := installed.peer(name, *c)
		if err != nil {
			return nil, err
		}
		peers = append(peers, p)
		pairs += p.takes(c.queries)
	}
	c.fit(pairs)
	if c.timeout == 0 {
		c.timeout = defaultTimeout
	}
	return peers, nil
}

const defaultTimeout = 10 * time.Minute

// contests has StreamDB and each of the peers run in turn, and prints what came of it.
func (c *config) contests(ctx context.Context, installed installation, peers []*peer, work string, report *report) error {
	notes := newNotes(c.markdown, installed.commit, os.Args[1:])
	differ := 0
	for _, p := range peers {
		execution := c.execution
		if execution == "" {
			execution = p.model
		}
		t := &contest{config: c, peer: p, engine: engine{binary: installed.streamdb, execution: execution}, work: work, report: report}
		err := errors.Join(t.run(ctx, notes.show), t.end())
		if len(notes.tables) > 0 {
			err = errors.Join(err, notes.tables[len(notes.tables)-1].print(os.Stdout))
		}
		if err != nil {
			return err
		}
		differ += t.differ
	}
	if differ > 0 {
		return fmt.Errorf("the answers of %d queries differ: see the tables", differ)
	}
	return nil
}
