package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
)

// session is a peer at work.
type session struct {
	folder string
	// client takes jobs, a line each, and answers each with a line: Peer.java.
	client  *program
	answers *bufio.Scanner
	// worker is the process that does the work and whose time and memory count.
	worker *program
	others []*program
}

// newSession is that of processes that are up.
func newSession(folder string, client, worker *program, others ...*program) *session {
	return &session{folder: folder, client: client, answers: bufio.NewScanner(client.out), worker: worker, others: others}
}

// programs are all, in the order in which they are to end.
func (s *session) programs() []*program {
	all := []*program{s.client}
	if s.worker != s.client {
		all = append(all, s.worker)
	}
	return append(all, s.others...)
}

// stop ends all programs and removes their folder.
func (s *session) stop() error {
	for _, p := range s.programs() {
		p.stop()
	}
	return os.RemoveAll(s.folder)
}

// usage is what the worker has used so far.
func (s *session) usage() (*process.Usage, error) {
	return process.UsageOf(strconv.Itoa(s.worker.cmd.Process.Pid))
}

// kill ends all programs at once; stop has to be called still.
func (s *session) kill() {
	for _, p := range s.programs() {
		p.kill()
	}
}

// refused is the error of a peer that does not take a query.
type refused struct{ why string }

const refusal = "refused: "

func (r refused) Error() string { return refusal + r.why }

// isRefusal says whether an error's text is of one.
func isRefusal(text string) bool { return strings.HasPrefix(text, refusal) }

// job is what Job.java says.
type job struct {
	query     string
	results   string // empty: only the time counts
	events    int64
	eventRate int64
	// begin is when the first event is due, in milliseconds since 1970, and then the results are latencies; 0: all are due at once.
	begin int64
}

// run runs a job to the end of its input and returns the seconds that it took. When the context ends first, so does the session.
func (s *session) run(ctx context.Context, j job) (float64, error) {
	alive := context.AfterFunc(ctx, s.kill)
	defer alive()
	line, err := s.answer(j)
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	if err != nil {
		return 0, fmt.Errorf("the peer ended: %w: %s", err, s.client.lastWords())
	}
	kind, rest, _ := strings.Cut(line, "\t")
	switch kind {
	case "seconds":
		return strconv.ParseFloat(rest, 64)
	case "refused":
		return 0, refused{rest}
	default:
		return 0, errors.New(rest)
	}
}

// measure runs a job and fills in what that took.
func (s *session) measure(ctx context.Context, j job, r *result) error {
	before, err := s.usage()
	if err != nil {
		return err
	}
	seconds, err := s.run(ctx, j)
	if err != nil {
		return err
	}
	after, err := s.usage()
	if err != nil {
		return err
	}
	cpu, rate := after.CPU-before.CPU, float64(j.events)/seconds
	r.Seconds, r.EventsPerS, r.CPUSeconds, r.PeakRSSBytes = &seconds, &rate, &cpu, &after.PeakRSS
	return nil
}

// answer is the client's line.
func (s *session) answer(j job) (string, error) {
	if _, err := fmt.Fprintf(s.client.in, "%s\t%s\t%d\t%d\t%d\t%s\n", j.query, j.results, j.events, j.eventRate, j.begin, s.folder); err != nil {
		return "", err
	}
	if !s.answers.Scan() {
		return "", errors.Join(s.answers.Err(), io.ErrUnexpectedEOF)
	}
	return s.answers.Text(), nil
}

// answer is a result's number of rows and checksum.
type answer struct {
	rows     int64
	checksum uint64
}

func (a answer) String() string { return fmt.Sprintf("%d rows %016x", a.rows, a.checksum) }

// parseAnswer reads what our Java writes.
func parseAnswer(text string) (a answer, err error) {
	_, err = fmt.Sscan(text, &a.rows, &a.checksum)
	return a, err
}

// ask runs a query for its answer, which each writer of it puts into a file.
func (s *session) ask(ctx context.Context, j job) (sum answer, err error) {
	if j.results, err = os.MkdirTemp(s.folder, "results-"); err != nil {
		return sum, err
	}
	if _, err := s.run(ctx, j); err != nil {
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
		part, err := parseAnswer(string(text))
		if err != nil {
			return sum, fmt.Errorf("%s: %w", f, err)
		}
		sum.rows, sum.checksum = sum.rows+part.rows, sum.checksum+part.checksum
	}
	return sum, nil
}
