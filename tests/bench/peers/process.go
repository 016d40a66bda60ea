package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a program at work whose errors go to a log.
type process struct {
	cmd *exec.Cmd
	log string
	in  io.WriteCloser
	out io.ReadCloser
}

// stopTime is how long a process has to end by itself.
const stopTime = 10 * time.Second

// start runs a program in a folder, where its log is name.log. It ends with the context.
func start(ctx context.Context, folder, name, program string, args ...string) (*process, error) {
	p := &process{log: filepath.Join(folder, name+".log"), cmd: exec.CommandContext(ctx, program, args...)}
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

// stop asks the process to end, and returns the most memory that it ever had, in bytes.
func (p *process) stop() int64 {
	_ = p.in.Close()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(stopTime, func() { _ = p.cmd.Process.Kill() })
	defer kill.Stop()
	_, _ = io.Copy(io.Discard, p.out)
	_ = p.cmd.Wait() // it was told to end: how is no news
	if usage, ok := p.cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss * 1024
	}
	return 0
}

// cpuTicks is how many of /proc's units of CPU time there are in a second: USER_HZ, on every Linux that Go runs on.
const cpuTicks = 100

// cpu is the processor time of user and kernel that the process has taken, in seconds: fields 14 and 15 of proc(5)'s stat.
func (p *process) cpu() (float64, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc's stat is not understood: %q", stat)
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	kernel, err := strconv.ParseInt(fields[12], 10, 64)
	return float64(user+kernel) / cpuTicks, err
}

// lastWords are the last lines of the log.
func (p *process) lastWords() string {
	log, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}
