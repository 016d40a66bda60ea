package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// slots is how many tasks of a stage each engine runs at a time.
const slots = 2

// flink is a standalone cluster of a JobManager and a TaskManager.
type flink struct{ installation }

const (
	flinkPackages = "org.apache.flink.runtime."
	flinkJob      = flinkPackages + "entrypoint.StandaloneSessionClusterEntrypoint"
	flinkTask     = flinkPackages + "taskexecutor.TaskManagerRunner"
	flinkUtils    = flinkPackages + "util.bash.BashJavaUtils"
	flinkClient   = "com.github.streamdb.bench.flink.FlinkPeer"
)

// flinkConfig has the memory that the Nexmark project gives; managed memory is for RocksDB, so most goes to the heap, where the state is.
const flinkConfig = `jobmanager:
  rpc: {address: 127.0.0.1, port: %[1]d}
  memory: {process: {size: 1g}}
taskmanager:
  host: 127.0.0.1
  numberOfTaskSlots: %[3]d
  memory: {process: {size: 8g}, managed: {size: 512m}}
rest: {address: 127.0.0.1, port: %[2]d}
`

func (f flink) start(ctx context.Context, folder string) (s *session, err error) {
	ports, err := freePorts(2)
	if err != nil {
		return nil, err
	}
	config := fmt.Sprintf(flinkConfig, ports[0], ports[1], slots)
	if err := os.WriteFile(filepath.Join(folder, "config.yaml"), []byte(config), 0o644); err != nil {
		return nil, err
	}
	jobMemory, err := f.memory(ctx, folder, "GET_JM_RESOURCE_PARAMS")
	if err != nil {
		return nil, err
	}
	taskMemory, err := f.memory(ctx, folder, "GET_TM_RESOURCE_PARAMS")
	if err != nil {
		return nil, err
	}
	job, err := startWorker(ctx, folder, "jobmanager", "java", f.java(jobMemory, flinkJob, "--configDir", folder)...)
	if err != nil {
		return nil, err
	}
	task, err := startWorker(ctx, folder, "taskmanager", "java", f.java(taskMemory, flinkTask, "--configDir", folder)...)
	if err != nil {
		job.stop()
		return nil, err
	}
	if err := awaitSlots(ctx, ports[1]); err != nil {
		err = fmt.Errorf("%w: %s", err, task.lastWords())
		task.stop()
		job.stop()
		return nil, err
	}
	client, err := startClient(ctx, folder, "client", "java", f.java(flinkMemory{}, flinkClient, fmt.Sprint(ports[1]), fmt.Sprint(slots))...)
	if err != nil {
		task.stop()
		job.stop()
		return nil, err
	}
	return newSession(folder, client, task, job), nil
}

// flinkMemory is what Flink's own program makes of the configuration for a process.
type flinkMemory struct{ java, flags []string }

// memory asks for it as Flink's start scripts do, which are not on PyPI.
func (f flink) memory(ctx context.Context, folder, question string) (m flinkMemory, err error) {
	classes := filepath.Join(f.flink, "bin", "bash-java-utils.jar") + string(filepath.ListSeparator) + f.flinkJar("dist")
	text, err := output(ctx, folder, "java", "-cp", classes, flinkUtils, question, "--configDir", folder)
	if err != nil {
		return m, err
	}
	const mark = "BASH_JAVA_UTILS_EXEC_RESULT:"
	var answers [][]string
	for line := range strings.Lines(text) {
		if a, ok := strings.CutPrefix(strings.TrimSpace(line), mark); ok {
			answers = append(answers, strings.Fields(a))
		}
	}
	if len(answers) != 2 {
		return m, fmt.Errorf("flink does not say how to start: %s", text)
	}
	return flinkMemory{answers[0], answers[1]}, nil
}

// flinkOpened are the packages that Flink opens to itself on Java 17 (its env.java.opts.all).
var flinkOpened = []string{
	"java.lang", "java.lang.reflect", "java.net", "java.io", "java.nio", "java.text", "java.time", "java.util", "java.util.concurrent",
	"java.util.concurrent.atomic", "java.util.concurrent.locks", "sun.nio.ch",
}

// java are the arguments of a program of Flink's or of ours.
func (f flink) java(m flinkMemory, class string, args ...string) []string {
	out := append(opened(flinkOpened), m.java...)
	out = append(out, "-cp", f.classPath("flink", filepath.Join(f.flink, "lib")), class)
	return append(append(out, args...), m.flags...)
}

// opened opens packages of java.base to all.
func opened(packages []string) (out []string) {
	for _, p := range packages {
		out = append(out, "--add-opens=java.base/"+p+"=ALL-UNNAMED")
	}
	return out
}

// upTime is how long a cluster has to come up.
const upTime = 3 * time.Minute

// awaitSlots waits until the TaskManager has joined the JobManager with the given port.
func awaitSlots(ctx context.Context, port int) error {
	ctx, cancel := context.WithTimeout(ctx, upTime)
	defer cancel()
	for {
		if n, err := slotsAvailable(ctx, port); err == nil && n == slots {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the cluster did not come up: %w", ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func slotsAvailable(ctx context.Context, port int) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/overview", port), nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	var overview struct {
		Slots int `json:"slots-available"`
	}
	return overview.Slots, json.NewDecoder(response.Body).Decode(&overview)
}

// freePorts are such that nothing listens on now.
func freePorts(n int) (ports []int, err error) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
