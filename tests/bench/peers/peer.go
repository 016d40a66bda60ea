package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// flinkName is that peer's name in flags and reports.
const flinkName = "flink"

// peer is an engine that StreamDB is compared with.
type peer struct {
	name    string
	title   string // with its version
	model   string // StreamDB's execution that is the peer's kind
	rate    func(reference) float64
	queries string // folder with its spelling of the queries
	// start brings it up in a folder of its own.
	start func(ctx context.Context, folder string) (*session, error)
}

// takes is how many of some queries it is known to answer.
func (p *peer) takes(queries []string) (n int) {
	for _, q := range queries {
		if _, err := os.Stat(p.job(q).query); err == nil && p.rate(references[q]) > 0 {
			n++
		}
	}
	return n
}

// job is a query.
func (p *peer) job(query string) job { return job{query: filepath.Join(p.queries, query+".sql")} }

// peer makes one ready to be started.
func (i installation) peer(name string, c config) (*peer, error) {
	p := &peer{name: name, queries: filepath.Join(i.source, name, "queries")}
	switch name {
	case flinkName:
		p.title, p.model, p.start = "Flink "+flinkVersion, "pipelined", flink{i}.start
		p.rate = func(r reference) float64 { return r.flink }
	case "spark":
		p.title, p.model, p.start = "Spark "+sparkVersion, "microbatch", spark{i, c.sparkBatch}.start
		p.rate = func(r reference) float64 { return r.spark }
	default:
		return nil, fmt.Errorf("there is no peer %q; there are flink and spark", name)
	}
	return p, nil
}
