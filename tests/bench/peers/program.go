package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// program is one at work, whose errors go to a log.
type program struct {
	cmd *exec.Cmd
	log string
	in  io.WriteCloser
	out io.ReadCloser
}

// stopTime is how long a process has to end by itself.
const stopTime = 10 * time.Second

// start runs a program in a folder, where its log is name.log. It ends with the context.
func start(ctx context.Context, folder, name, path string, args ...string) (*program, error) {
	p := &program{log: filepath.Join(folder, name+".log"), cmd: exec.CommandContext(ctx, path, args...)}
	log, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.cmd.Dir, p.cmd.Stderr = folder, log
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = stopTime
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if p.out, err = p.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	return p, p.cmd.Start()
}

// stop asks the process to end, and waits for it.
func (p *program) stop() {
	_ = p.in.Close()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(stopTime, p.kill)
	defer kill.Stop()
	_, _ = io.Copy(io.Discard, p.out)
	_ = p.cmd.Wait() // it was told to end: how is no news
}

func (p *program) kill() { _ = p.cmd.Process.Kill() } // one that has ended already is none

// lastWords are the last lines of the log.
func (p *program) lastWords() string {
	log, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}
