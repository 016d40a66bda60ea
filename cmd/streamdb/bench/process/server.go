package process

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

// Server is a server to measure.
type Server struct {
	url string
	// binary, folder, address and args are those of a server of our own.
	binary, folder, address string
	args                    []string
	process                 *exec.Cmd
	ended                   chan struct{}
	exit                    error // once ended is closed
}

// startTime is how long a server has to answer.
const startTime = 30 * time.Second

// At is a server that runs already, as postgres://….
func At(url string) *Server { return &Server{url: url} }

// Start starts a server of our own, of this binary, with more flags of `streamdb start`, and waits until it answers.
func Start(ctx context.Context, args ...string) (*Server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return StartBinary(ctx, self, args...)
}

// StartBinary is Start with another binary.
func StartBinary(ctx context.Context, binary string, args ...string) (*Server, error) {
	folder, err := os.MkdirTemp("", "streamdb-bench-")
	if err != nil {
		return nil, err
	}
	s := &Server{binary: binary, folder: folder, args: args}
	if s.address, err = FreeAddress(); err == nil {
		s.url = fmt.Sprintf("postgres://streamdb@%s/streamdb?sslmode=disable", s.address)
		err = s.Restart(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// Restart starts a server of our own again that was killed, and waits until it answers.
func (s *Server) Restart(ctx context.Context) error {
	log, err := os.Create(s.logPath())
	if err != nil {
		return err
	}
	defer log.Close()
	args := []string{"start", "--data", filepath.Join(s.folder, "data"), "--listen", s.address, "--http", "127.0.0.1:0"}
	s.process = exec.Command(s.binary, append(args, s.args...)...)
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		s.process = nil
		return err
	}
	ended := make(chan struct{})
	s.ended = ended
	process := s.process
	go func() {
		s.exit = process.Wait()
		close(ended)
	}()
	return s.awaitAnswer(ctx)
}

func (s *Server) awaitAnswer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		conn, err := s.Connect(ctx)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.ended:
			text, err := os.ReadFile(s.logPath())
			return errors.Join(fmt.Errorf("the server has ended: %s", strings.TrimSpace(string(text))), s.exit, err)
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (s *Server) logPath() string { return filepath.Join(s.folder, "log") }

// FreeAddress is an address of loopback that nobody listens on now.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// Connect opens a session.
func (s *Server) Connect(ctx context.Context) (*pgx.Conn, error) { return pgx.Connect(ctx, s.url) }

// Kill ends a server of our own as a crash would. Its folder stays.
func (s *Server) Kill() error {
	if s.process == nil {
		return nil
	}
	if err := s.process.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-s.ended
	s.process = nil
	return nil
}

// Stop ends a server of our own, at once, and removes its folder.
func (s *Server) Stop() error {
	if err := s.Kill(); err != nil || s.folder == "" {
		return err
	}
	return os.RemoveAll(s.folder)
}

// Usage is what a server of our own has used up since it was started; nil for another.
func (s *Server) Usage() (*Usage, error) {
	if s.process == nil {
		return nil, nil
	}
	return UsageOf(fmt.Sprint(s.process.Process.Pid))
}
