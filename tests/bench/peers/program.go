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

// program is one at work. What it prints goes to a log; a client's standard output does not, and is read.
type program struct {
	cmd *exec.Cmd
	log string
	in  io.WriteCloser
	out io.ReadCloser
}

// stopTime is how long a program has to end by itself.
const stopTime = 10 * time.Second

// startWorker runs a program in a folder, where its log is name.log. It ends with the context.
func startWorker(ctx context.Context, folder, name, path string, args ...string) (*program, error) {
	p := newProgram(ctx, folder, name, path, args)
	return p, p.start()
}

// startClient runs a program that is talked with.
func startClient(ctx context.Context, folder, name, path string, args ...string) (p *program, err error) {
	p = newProgram(ctx, folder, name, path, args)
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if p.out, err = p.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	return p, p.start()
}

func newProgram(ctx context.Context, folder, name, path string, args []string) *program {
	p := &program{log: filepath.Join(folder, name+".log"), cmd: exec.CommandContext(ctx, path, args...)}
	p.cmd.Dir = folder
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = stopTime
	return p
}

func (p *program) start() error {
	log, err := os.Create(p.log)
	if err != nil {
		return err
	}
	defer log.Close()
	p.cmd.Stderr = log
	if p.out == nil {
		p.cmd.Stdout = log
	}
	return p.cmd.Start()
}

// stop asks the program to end, and waits for it.
func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(stopTime, p.kill)
	defer kill.Stop()
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
