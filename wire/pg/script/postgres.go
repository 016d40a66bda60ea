package script

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// pgBin is where Debian keeps PostgreSQL 15's programs, which are looked for on PATH first.
const pgBin = "/usr/lib/postgresql/15/bin"

// Postgres starts a PostgreSQL cluster that lives as long as the test, on a port of loopback, with the superuser and database
// that StreamDB has. Where none can be started the test is skipped, or fails if STREAMDB_REQUIRE_PG is 1.
func Postgres(t *testing.T) Server {
	t.Helper()
	addr, err := startPostgres(t)
	if err != nil {
		if os.Getenv("STREAMDB_REQUIRE_PG") == "1" {
			t.Fatalf("no PostgreSQL: %v", err)
		}
		t.Skipf("no PostgreSQL: %v", err)
	}
	return Server{
		Dial: func() (net.Conn, error) { return net.Dial("tcp", addr) },
		User: "streamdb", Database: "streamdb",
	}
}

func startPostgres(t *testing.T) (addr string, err error) {
	as, err := unprivileged()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "streamdb-pg-")
	if err != nil {
		return "", err
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if as != nil {
		if err := os.Chown(dir, int(as.Uid), int(as.Gid)); err != nil {
			return "", err
		}
	}
	run := func(name string, args ...string) *exec.Cmd {
		path, err := exec.LookPath(name)
		if err != nil {
			path = filepath.Join(pgBin, name)
		}
		cmd := exec.Command(path, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "TZ=UTC")
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
		return cmd
	}
	data := filepath.Join(dir, "data")
	initdb := run("initdb", "-D", data, "-U", "streamdb", "--locale=C", "-E", "UTF8", "--no-sync", "-A", "trust")
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w: %s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close() // free for PostgreSQL
	server := run("postgres", "-D", data, "-p", strconv.Itoa(port), "-k", dir, "-c", "fsync=off", "-c", "TimeZone=UTC",
		"-c", "listen_addresses=127.0.0.1")
	var log bytes.Buffer
	server.Stdout, server.Stderr = &log, &log
	if err := server.Start(); err != nil {
		return "", err
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGINT) // fast shutdown
		_ = server.Wait()
	})
	for range 100 {
		createdb := run("createdb", "-h", dir, "-p", strconv.Itoa(port), "-U", "streamdb", "streamdb")
		if err = createdb.Run(); err == nil {
			return fmt.Sprintf("127.0.0.1:%d", port), nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", fmt.Errorf("postgres did not start: %w: %s", err, log.String())
}

// unprivileged is the account postgres if this process is root's, which PostgreSQL refuses to run as; else nil.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
