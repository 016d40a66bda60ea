package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// server is what is measured: a process of this binary in a temporary folder, or one that runs already.
type server struct {
	url string
	// process and folder are those of a server of our own.
	process *exec.Cmd
	folder  string
	ended   chan struct{}
	exit    error // once ended is closed
}

// startTime is how long a server has to answer.
const startTime = 30 * time.Second

// server gives the server to measure.
func (n *Nexmark) server(ctx context.Context) (*server, error) {
	if n.URL != "" {
		return &server{url: n.URL}, nil
	}
	folder, err := os.MkdirTemp("", "streamdb-bench-")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// start runs `streamdb start` and waits until it answers.
func (s *server) start(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	log, err := os.Create(s.logPath())
	if err != nil {
		return err
	}
	defer log.Close()
	s.process = exec.Command(self, "start", "--data", filepath.Join(s.folder, "data"), "--listen", address, "--http", "127.0.0.1:0")
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		s.process = nil
		return err
	}
	s.ended = make(chan struct{})
	go func() {
		s.exit = s.process.Wait()
		close(s.ended)
	}()
	s.url = fmt.Sprintf("postgres://streamdb@%s/streamdb?sslmode=disable", address)
	return s.awaitAnswer(ctx)
}

func (s *server) awaitAnswer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		conn, err := s.connect(ctx)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.ended:
			text, err := os.ReadFile(s.logPath())
			return errors.Join(fmt.Errorf("the server has ended: %s", strings.TrimSpace(string(text))), s.exit, err)
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *server) logPath() string { return filepath.Join(s.folder, "log") }

// freeAddress is an address of loopback that nobody listens on now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func (s *server) connect(ctx context.Context) (*pgx.Conn, error) { return pgx.Connect(ctx, s.url) }

// stop ends a server of our own, at once, and removes its folder.
func (s *server) stop() error {
	if s.process != nil {
		if err := s.process.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		<-s.ended
	}
	if s.folder == "" {
		return nil
	}
	return os.RemoveAll(s.folder)
}

// usage is what a server of our own has used up; nil for another.
func (s *server) usage() (*usage, error) {
	if s.process == nil {
		return nil, nil
	}
	return processUsage(fmt.Sprint(s.process.Process.Pid))
}
