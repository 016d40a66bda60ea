package pgcopy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// postgres starts a throw-away PostgreSQL and connects to it. Without one the test is skipped, unless STREAMDB_REQUIRE_PG is
// set.
func postgres(t *testing.T) *pgconn.PgConn {
	t.Helper()
	bin := "/usr/lib/postgresql/15/bin"
	if _, err := os.Stat(bin); err != nil {
		if os.Getenv("STREAMDB_REQUIRE_PG") != "" {
			t.Fatal(err)
		}
		t.Skip("no PostgreSQL 15: ", err)
	}
	dir, err := os.MkdirTemp("", "pgcopy")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	attr := asPostgres(t, dir)
	run := func(name string, args ...string) {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.Dir, cmd.SysProcAttr = dir, attr
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	data := filepath.Join(dir, "data")
	run("initdb", "-D", data, "--locale=C", "-E", "UTF8", "-U", "streamdb", "-A", "trust", "--no-sync")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	l.Close()
	server := exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-p", port, "-k", dir, "-c", "timezone=UTC", "-c", "fsync=off",
		"-c", "listen_addresses=127.0.0.1")
	server.Dir, server.SysProcAttr = dir, attr
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		server.Process.Signal(syscall.SIGQUIT)
		server.Wait()
	})
	return connect(t, fmt.Sprintf("host=127.0.0.1 port=%s user=streamdb dbname=postgres", port))
}

// asPostgres says to run as user postgres when we are root, which PostgreSQL refuses.
func asPostgres(t *testing.T, dir string) *syscall.SysProcAttr {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	require.NoError(t, err)
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	require.NoError(t, os.Chown(dir, uid, gid))
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

func connect(t *testing.T, dsn string) *pgconn.PgConn {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	for {
		c, err := pgconn.Connect(ctx, dsn)
		if err == nil {
			t.Cleanup(func() { c.Close(context.Background()) })
			return c
		}
		require.NoError(t, ctx.Err(), "%v", err)
		time.Sleep(50 * time.Millisecond)
	}
}

// pgRead is what PostgreSQL makes of a read case: the rows as COPY TO prints them, or the error.
func pgRead(t *testing.T, c *pgconn.PgConn, k testCase) string {
	exec1(t, c, "DROP TABLE IF EXISTS t", "CREATE TABLE t ("+k.columns+")")
	_, err := c.CopyFrom(context.Background(), strings.NewReader(k.input), "COPY t FROM STDIN "+k.options)
	if err != nil {
		return pgError(t, err)
	}
	var out bytes.Buffer
	_, err = c.CopyTo(context.Background(), &out, "COPY t TO STDOUT")
	require.NoError(t, err)
	return out.String()
}

// pgWrite is what PostgreSQL makes of a write case, whose input is rows in the text format.
func pgWrite(t *testing.T, c *pgconn.PgConn, k testCase) string {
	exec1(t, c, "DROP TABLE IF EXISTS t", "CREATE TABLE t ("+k.columns+")")
	_, err := c.CopyFrom(context.Background(), strings.NewReader(k.input), "COPY t FROM STDIN")
	require.NoError(t, err)
	var out bytes.Buffer
	if _, err = c.CopyTo(context.Background(), &out, "COPY t TO STDOUT "+k.options); err != nil {
		return pgError(t, err)
	}
	return out.String()
}

func exec1(t *testing.T, c *pgconn.PgConn, statements ...string) {
	for _, s := range statements {
		_, err := c.Exec(context.Background(), s).ReadAll()
		require.NoError(t, err, s)
	}
}

func pgError(t *testing.T, err error) string {
	var e *pgconn.PgError
	require.True(t, errors.As(err, &e), "%v", err)
	return spellError(e.Code, e.Message, e.Hint, e.Where)
}
