package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/drain"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/nexmark"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
	"github.com/streamdb/streamdb/tests/bench/limit"
)

// workers are StreamDB's tasks of a stage and the loops' goroutines.
const workers = 2

type config struct {
	events, eventRate int64
	runs              int
	execution, binary string
	queries           []string
}

func main() {
	var c config
	queries := flag.String("query", "", "queries, with commas between (default: all that there is a loop for)")
	flag.Int64Var(&c.events, "events", 10_000_000, "events, of the three tables together")
	flag.Int64Var(&c.eventRate, "event-rate", 10_000_000, "events per second of event time")
	flag.IntVar(&c.runs, "runs", 3, "pairs of runs of which the median counts")
	flag.StringVar(&c.execution, "execution", "pipelined", "StreamDB's model")
	flag.StringVar(&c.binary, "streamdb", "", "the streamdb binary (default: built from this tree)")
	flag.Parse()
	if *queries != "" {
		c.queries = strings.Split(*queries, ",")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := c.run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

func (c *config) run(ctx context.Context, out io.Writer) error {
	if c.binary == "" {
		folder, err := os.MkdirTemp("", "streamdb-ratios-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		c.binary = filepath.Join(folder, "streamdb")
		build := exec.CommandContext(ctx, "go", "build", "-o", c.binary, "github.com/streamdb/streamdb/cmd/streamdb")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "StreamDB %s and plain loops in turn, %d events, in million events/s and CPU seconds per million events; medians of %d.\n",
		c.execution, c.events, c.runs)
	columns := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(columns, "query\tStreamDB\tloop\tshare of its rate\tCPU\tloop\ttimes its CPU\t")
	for _, q := range limit.Queries {
		if c.queries != nil && !slices.Contains(c.queries, q.Name) {
			continue
		}
		fmt.Fprintln(os.Stderr, q.Name)
		line, err := c.compare(ctx, q)
		if err != nil {
			return errors.Join(columns.Flush(), fmt.Errorf("%s: %w", q.Name, err))
		}
		fmt.Fprintln(columns, line)
	}
	return columns.Flush()
}

// took is what a run took.
type took struct {
	seconds, cpu float64
	rows         int64
}

// compare runs the pairs of a query and gives its line of the table.
func (c *config) compare(ctx context.Context, q limit.Query) (string, error) {
	var rates, costs [3][]float64 // ours, the loop's, and their ratio
	for range c.runs {
		ours, err := c.engine(ctx, q)
		if err != nil {
			return "", err
		}
		loop, err := c.loop(q)
		if err != nil {
			return "", err
		}
		if ours.rows != loop.rows {
			return "", fmt.Errorf("StreamDB gives %d rows, the loop %d", ours.rows, loop.rows)
		}
		million := float64(c.events) / 1e6
		for i, x := range []float64{million / ours.seconds, million / loop.seconds, loop.seconds / ours.seconds} {
			rates[i] = append(rates[i], x)
		}
		for i, x := range []float64{ours.cpu / million, loop.cpu / million, ours.cpu / loop.cpu} {
			costs[i] = append(costs[i], x)
		}
	}
	return fmt.Sprintf("%s\t%.2f\t%.2f\t%.2f\t%.3f\t%.3f\t%.1f\t", q.Name, median(rates[0]), median(rates[1]), median(rates[2]),
		median(costs[0]), median(costs[1]), median(costs[2])), nil
}

func median(x []float64) float64 {
	slices.Sort(x)
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

// engine has StreamDB answer.
func (c *config) engine(ctx context.Context, q limit.Query) (t took, err error) {
	server, err := process.StartBinary(ctx, c.binary, "--snapshot-interval", "10s")
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	streams := nexmark.Streams(nexmark.Options{Events: c.events, EventRate: c.eventRate, AllColumns: true})
	f, err := drain.Sinks(ctx, server, streams, fmt.Sprintf("execution = '%s', parallelism = %d", c.execution, workers), q.Select())
	if err != nil {
		return t, err
	}
	return took{f.Seconds, *f.CPUSeconds, f.Rows}, nil
}

// loop has the loop answer, without the garbage of the one before.
func (c *config) loop(q limit.Query) (t took, err error) {
	runtime.GC()
	before, err := process.UsageOf("self")
	if err != nil {
		return t, err
	}
	began := time.Now()
	taken, err := q.Answer(limit.Events{Count: c.events, Rate: c.eventRate, Workers: workers}, false)
	if err != nil {
		return t, err
	}
	t.seconds, t.rows = time.Since(began).Seconds(), taken.Rows
	after, err := process.UsageOf("self")
	if err == nil {
		t.cpu = after.CPU - before.CPU
	}
	return t, err
}
