package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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

// session is a peer at work.
type session struct {
	folder string
	// client takes jobs, a line each, and answers each with a line: Peer.java.
	client  *process
	answers *bufio.Scanner
	// worker is the process that does the work and whose time and memory count.
	worker *process
	others []*process
}

// newSession is that of processes that are up.
func newSession(folder string, client, worker *process, others ...*process) *session {
	return &session{folder: folder, client: client, answers: bufio.NewScanner(client.out), worker: worker, others: others}
}

// stop ends all processes, and returns the most memory that the worker had.
func (s *session) stop() (peakRSS int64) {
	if s.client != s.worker {
		s.client.stop()
	}
	peakRSS = s.worker.stop()
	for _, p := range s.others {
		p.stop()
	}
	return peakRSS
}

// refused is the error of a peer that does not take a query.
type refused struct{ why string }

func (r refused) Error() string { return "refused: " + r.why }

// job is what Job.java says.
type job struct {
	query     string
	results   string // empty: only the time counts
	events    int64
	eventRate int64
}

// run runs a job to the end of its input and returns the seconds that it took.
func (s *session) run(j job) (float64, error) {
	if _, err := fmt.Fprintf(s.client.in, "%s\t%s\t%d\t%d\t%s\n", j.query, j.results, j.events, j.eventRate, s.folder); err != nil {
		return 0, errors.Join(err, errors.New(s.client.lastWords()))
	}
	if !s.answers.Scan() {
		return 0, fmt.Errorf("the peer ended: %s", s.client.lastWords())
	}
	kind, rest, _ := strings.Cut(s.answers.Text(), "\t")
	switch kind {
	case "seconds":
		return strconv.ParseFloat(rest, 64)
	case "refused":
		return 0, refused{rest}
	default:
		return 0, errors.New(rest)
	}
}

// answer is a result's number of rows and checksum.
type answer struct {
	rows     int64
	checksum uint64
}

// ask runs a query for its answer, which each writer of it puts into a file.
func (s *session) ask(j job) (sum answer, err error) {
	if j.results, err = os.MkdirTemp(s.folder, "results-"); err != nil {
		return sum, err
	}
	if _, err := s.run(j); err != nil {
		return sum, err
	}
	files, err := filepath.Glob(filepath.Join(j.results, "*"))
	if err != nil || len(files) == 0 {
		return sum, errors.Join(err, errors.New("the peer wrote no answer"))
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return sum, err
		}
		var part answer
		if _, err := fmt.Sscan(string(text), &part.rows, &part.checksum); err != nil {
			return sum, fmt.Errorf("%s: %w", f, err)
		}
		sum.rows, sum.checksum = sum.rows+part.rows, sum.checksum+part.checksum
	}
	return sum, nil
}
