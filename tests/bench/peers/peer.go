package main

import (
	"context"
	"fmt"
	"path/filepath"
)

// peer is an engine that StreamDB is compared with.
type peer struct {
	name    string
	title   string // with its version
	model   string // StreamDB's execution that is the peer's kind
	queries string // folder with its spelling of the queries
	// start brings it up in a folder of its own.
	start func(ctx context.Context, folder string) (*session, error)
}

// peer makes one ready to be started.
func (i installation) peer(name string, c config) (*peer, error) {
	p := &peer{name: name, queries: filepath.Join(i.source, name, "queries")}
	switch name {
	case "flink":
		p.title, p.model, p.start = "Flink "+flinkVersion, "pipelined", flink{i}.start
	case "spark":
		p.title, p.model, p.start = "Spark "+sparkVersion, "microbatch", spark{i, c.sparkBatch}.start
	default:
		return nil, fmt.Errorf("there is no peer %q; there are flink and spark", name)
	}
	return p, nil
}
