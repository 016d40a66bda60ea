package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
)

// server is a process of its own, on a folder of its own.
type server struct {
	folder, listen, http string
	cmd                  *exec.Cmd
}

// startTime is how long the server has to answer.
const startTime = 30 * time.Second

func startServer(ctx context.Context, binary string) (*server, error) {
	folder, err := os.MkdirTemp("", "streamdb-fanout-")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder}
	for _, a := range []*string{&s.listen, &s.http} {
		if *a, err = process.FreeAddress(); err != nil {
			return nil, err
		}
	}
	s.cmd = exec.Command(binary, "start", "--data", filepath.Join(folder, "data"), "--listen", s.listen, "--http", s.http)
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		conn, err := s.connect(ctx)
		if err == nil {
			return s, conn.Close(ctx)
		}
		if ctx.Err() != nil {
			_ = s.stop() // that it does not answer says more
			return nil, fmt.Errorf("the server does not answer: %w", err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (s *server) connect(ctx context.Context) (*pgx.Conn, error) {
	return pgx.Connect(ctx, fmt.Sprintf("postgres://streamdb@%s/streamdb?sslmode=disable", s.listen))
}

// stop ends the process, at once, and removes its folder.
func (s *server) stop() error {
	if err := s.cmd.Process.Kill(); err != nil {
		return err
	}
	_ = s.cmd.Wait() // it was killed
	return os.RemoveAll(s.folder)
}

// usage is what the server has used and holds.
type usage struct {
	cpu        float64 // seconds so far
	rss        int64   // bytes
	goroutines int
}

func (s *server) usage() (u usage, err error) {
	pid := strconv.Itoa(s.cmd.Process.Pid)
	x, err := process.UsageOf(pid)
	if err != nil {
		return u, err
	}
	u.cpu = x.CPU
	statm, err := os.ReadFile("/proc/" + pid + "/statm")
	if err != nil {
		return u, err
	}
	fields := strings.Fields(string(statm))
	if len(fields) < 2 {
		return u, fmt.Errorf("/proc's statm is not understood: %q", statm)
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	u.rss = pages * int64(os.Getpagesize())
	if err != nil {
		return u, err
	}
	metrics, err := s.get("/metrics")
	for line := range strings.Lines(string(metrics)) {
		if n, ok := strings.CutPrefix(line, "go_goroutines "); ok {
			u.goroutines, err = strconv.Atoi(strings.TrimSpace(n))
		}
	}
	return u, err
}

func (s *server) get(path string) ([]byte, error) {
	r, err := http.Get("http://" + s.http + path)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

// profile takes a CPU profile until the function that it returns is called, which waits for the end of the second that it is in.
func (s *server) profile(file string, seconds int) (end func() error) {
	if file == "" {
		return func() error { return nil }
	}
	done := make(chan error, 1)
	go func() { done <- s.save(fmt.Sprintf("/debug/pprof/profile?seconds=%d", seconds), file) }()
	return func() error { return <-done }
}

// save writes what the server says to a file.
func (s *server) save(path, file string) error {
	b, err := s.get(path)
	if err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o644)
}
