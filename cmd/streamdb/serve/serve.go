// Package serve assembles a server: store, database, sessions, wire and console.
package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"time"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/executor/session"
	"github.com/streamdb/streamdb/executor/session/system"
	"github.com/streamdb/streamdb/sql/settings"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/connector/blackhole"
	"github.com/streamdb/streamdb/storage/connector/file"
	"github.com/streamdb/streamdb/storage/connector/nexmark"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/wire/console"
	"github.com/streamdb/streamdb/wire/pg"
)

// Connectors are the connectors of this server: a new one is a folder below storage/connector and a line here.
var Connectors = connector.Set{nexmark.Connector, file.Connector, blackhole.Connector}

// Config says what to serve and where.
type Config struct {
	Data, Listen, HTTP string
	// Files is the folder that file connectors may use; empty allows none.
	Files string
	// Tasks is how many tasks a stage has; 0 is the number of cores.
	Tasks int
	// SnapshotInterval is how often state is snapshotted; 0 is the default.
	SnapshotInterval time.Duration
	// Failpoints is where places can be made to fail, for benchmarks; empty: none ever does.
	Failpoints string
	// Banner gets the lines that tell a person how to connect; nil for none.
	Banner io.Writer
	Log    *slog.Logger
	// Started is called once clients can connect, with the address: the demo's set-up.
	Started func(ctx context.Context, address string, out io.Writer) error
	// Ready is told the addresses that are listened on.
	Ready func(pg, http net.Addr)
}

// shutdownTime is how long sessions have to end.
const shutdownTime = 5 * time.Second

// Run serves until ctx ends. It listens at once; clients wait while the database recovers.
func Run(ctx context.Context, cfg Config) error {
	defer tuneCollector(liveBytes)()
	store, err := kv.OpenFolder(cfg.Data, kv.Options{Logger: cfg.Log})
	if err != nil {
		return err
	}
	defer store.Close()
	l, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return err
	}
	web, err := net.Listen("tcp", cfg.HTTP)
	if err != nil {
		l.Close()
		return err
	}
	faults, stopFaults, err := failpoints(cfg)
	if err != nil {
		l.Close()
		web.Close()
		return err
	}
	defer stopFaults()
	if cfg.Ready != nil {
		cfg.Ready(l.Addr(), web.Addr())
	}
	gate := session.NewGate()
	server := pg.NewServer(gate, pg.Config{Log: cfg.Log})
	serving := make(chan error, 2)
	go func() { serving <- server.Serve(l) }()
	webCtx, stopWeb := context.WithCancel(context.Background())
	go func() {
		serving <- console.Serve(webCtx, web, console.Config{Health: func(context.Context) error { return gate.Ready() },
			Sources: []console.Source{server.Metrics()}, Log: cfg.Log})
	}()
	defer stopWeb()
	banner(cfg, l.Addr().String(), web.Addr().String())
	db, err := open(cfg, store, faults)
	if err != nil {
		gate.Set(nil, err)
		return errors.Join(err, stop(server))
	}
	engine := session.New(session.Config{Database: db, Log: cfg.Log})
	gate.Set(engine, nil)
	if cfg.Started != nil {
		if err := cfg.Started(ctx, l.Addr().String(), cfg.Banner); err != nil && ctx.Err() == nil {
			cfg.Log.Error("set-up", "error", err)
		}
	}
	select {
	case <-ctx.Done():
		err = nil
	case err = <-serving:
	}
	engine.Close()
	err = errors.Join(err, stop(server))
	db.Close()
	return err
}

func stop(server *pg.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	return server.Shutdown(ctx)
}

func open(cfg Config, store kv.Store, faults *failpoint.Set) (*database.Database, error) {
	tasks := cfg.Tasks
	if tasks == 0 {
		tasks = runtime.GOMAXPROCS(0)
	}
	return database.Open(database.Config{Store: store, Sched: sched.NewLive(), Connectors: Connectors, Root: cfg.Files, Scratch: cfg.Data, Tasks: tasks,
		Virtual: system.Relations(), BindWatermark: session.BindWatermark, SnapshotInterval: cfg.SnapshotInterval, Rest: time.Sleep, Faults: faults, Log: cfg.Log})
}

// banner tells a person how to connect.
func banner(cfg Config, address, web string) {
	if cfg.Banner == nil {
		return
	}
	host, port, _ := net.SplitHostPort(address)
	fmt.Fprintf(cfg.Banner, "StreamDB %s\n  connect  psql -h %s -p %s -U %s %s\n  console  http://%s\n  data     %s\n",
		settings.Version, host, port, session.DefaultRole, session.DatabaseName, web, cfg.Data)
}
