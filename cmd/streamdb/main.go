package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/streamdb/streamdb/cmd/streamdb/bench"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/curves"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/showdown"
	"github.com/streamdb/streamdb/cmd/streamdb/demo"
	"github.com/streamdb/streamdb/cmd/streamdb/serve"
	"github.com/streamdb/streamdb/sql/settings"
)

// cli are the commands and their flags.
type cli struct {
	Start   startCommand     `cmd:"" default:"withargs" help:"Start the server (the default command)."`
	Demo    demoCommand      `cmd:"" help:"Start a server with the Nexmark streams and live views over them."`
	Check   checkCommand     `cmd:"" help:"Check a data folder for damage; the server must not be running."`
	Bench   benchCommand     `cmd:"" help:"Measure a server."`
	Version kong.VersionFlag `help:"Show the version."`
}

// serverFlags are those of every command that serves.
type serverFlags struct {
	Listen string `default:"127.0.0.1:7433" help:"Address for PostgreSQL clients."`
	HTTP   string `name:"http" default:"127.0.0.1:7480" help:"Address for /healthz and /metrics."`
	Files  string `help:"Folder that file sources and sinks may use (none by default)." type:"path"`
	Cores  int    `help:"Tasks per stage of a view that does not say (default: the number of cores)."`

	SnapshotInterval time.Duration `default:"1s" help:"How often the state of views that have moved is snapshotted; large state less often."`
	Failpoints       string        `hidden:"" help:"Address at which places can be made to fail, for benchmarks."`
}

type startCommand struct {
	Data string `default:"./streamdb-data" help:"Data folder." type:"path"`
	serverFlags
}

type demoCommand struct {
	Data string `default:"./streamdb-demo" help:"Data folder of the demo." type:"path"`
	serverFlags
}

type checkCommand struct {
	Data string `default:"./streamdb-data" help:"Data folder." type:"existingdir"`
}

type benchCommand struct {
	Nexmark  nexmarkCommand  `cmd:"" help:"Run the queries of the Nexmark benchmark on a server in a temporary folder."`
	Showdown showdownCommand `cmd:"" help:"Compare pipelined and micro-batched execution: rate, latency, recovery, stragglers, live switch."`
	Latency  latencyCommand  `cmd:"" help:"Measure how long events take until a subscriber sees them in a keyed aggregate, at a given rate."`
	Curves   curvesCommand   `cmd:"" help:"Measure how the rate changes with keys, windows, the width of rows, the number of queries and the interval of batches."`
}

type (
	nexmarkCommand  struct{ bench.Nexmark }
	showdownCommand struct{ showdown.Showdown }
	latencyCommand  struct{ showdown.Paced }
	curvesCommand   struct{ curves.Curves }
)

func main() {
	var c cli
	parsed := kong.Parse(&c, kong.Name("streamdb"), kong.UsageOnError(),
		kong.Description("A SQL streaming database. Connect with psql, CREATE STREAM, CREATE VIEW."),
		kong.Vars{"version": "streamdb " + settings.Version})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := parsed.Run(runContext{ctx}); err != nil {
		fmt.Fprintln(os.Stderr, "streamdb: "+message(err))
		os.Exit(1)
	}
}

// runContext is what commands are run with: cancelled by SIGINT and SIGTERM.
type runContext struct{ context.Context }

// Run serves a data folder.
func (s *startCommand) Run(ctx runContext) error {
	return serve.Run(ctx, s.config(s.Data))
}

// Run serves the demo's folder, with its streams and views made by a client.
func (d *demoCommand) Run(ctx runContext) error {
	cfg := d.config(d.Data)
	cfg.Started = demo.Setup
	return serve.Run(ctx, cfg)
}

// Run checks a folder.
func (c *checkCommand) Run(runContext) error { return serve.Check(os.Stdout, c.Data) }

// Run measures; only its report goes to stdout.
func (n *nexmarkCommand) Run(ctx runContext) error { return n.Nexmark.Run(ctx, os.Stdout, os.Stderr) }

// Run measures and writes the report.
func (c *curvesCommand) Run(ctx runContext) error { return c.Curves.Run(ctx, os.Stdout, os.Stderr) }

// Run measures and writes the report.
func (s *showdownCommand) Run(ctx runContext) error { return s.Showdown.Run(ctx, os.Stdout, os.Stderr) }

// Run measures; only its report goes to stdout.
func (l *latencyCommand) Run(ctx runContext) error { return l.Paced.Run(ctx, os.Stdout, os.Stderr) }

func (f *serverFlags) config(data string) serve.Config {
	return serve.Config{Data: data, Listen: f.Listen, HTTP: f.HTTP, Files: f.Files, Tasks: f.Cores, Banner: os.Stdout,
		SnapshotInterval: f.SnapshotInterval, Failpoints: f.Failpoints,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))}
}
