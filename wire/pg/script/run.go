package script

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
)

// patience is how long a message may take that must come, quietTime how long nothing may come where nothing must.
const (
	patience  = 10 * time.Second
	quietTime = 50 * time.Millisecond
)

// Server is where and as whom scripts connect.
type Server struct {
	Dial           func() (net.Conn, error)
	User, Database string
}

// Run runs every file of dir against s. With datadriven's -rewrite the server's answers become what is expected.
func Run(t *testing.T, dir string, s Server) {
	datadriven.Walk(t, dir, func(t *testing.T, path string) {
		r := &runner{server: s, conns: map[string]*conn{}}
		defer r.close()
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			return r.command(t, d)
		})
	})
}

type runner struct {
	server Server
	conns  map[string]*conn
}

// conn is one connection of a file.
type conn struct {
	net.Conn
	key []byte // BackendKeyData's body
}

func (r *runner) close() {
	for _, c := range r.conns {
		_ = c.Close()
	}
}

func (r *runner) command(t *testing.T, d *datadriven.TestData) string {
	name, until, verbose := "", "", d.HasArg("verbose")
	d.MaybeScanArgs(t, "conn", &name)
	d.MaybeScanArgs(t, "until", &until)
	c := r.conns[name]
	if c == nil || d.Cmd == "start" {
		c = r.dial(t, name)
	}
	switch d.Cmd {
	case "start":
		return r.start(t, c, d)
	case "send":
		return send(t, c, d, until, verbose)
	case "receive":
		return c.receive(until, 1, verbose)
	case "quiet":
		return c.quiet(t)
	case "cancel":
		return r.cancel(t, c)
	case "raw":
		return raw(t, c, d, until)
	}
	d.Fatalf(t, "unknown command %s", d.Cmd)
	return ""
}

func (r *runner) dial(t *testing.T, name string) *conn {
	if old := r.conns[name]; old != nil {
		_ = old.Close()
	}
	nc, err := r.server.Dial()
	if err != nil {
		t.Fatal(err)
	}
	c := &conn{Conn: nc}
	r.conns[name] = c
	return c
}

// start sends a start-up packet. protocol=3.2 is one of the words it takes.
func (r *runner) start(t *testing.T, c *conn, d *datadriven.TestData) string {
	var b body
	version := 3 << 16
	params := [][2]string{{"user", r.server.User}, {"database", r.server.Database}}
	for _, arg := range d.CmdArgs {
		switch value := strings.Join(arg.Vals, ","); arg.Key {
		case "conn", "verbose":
		case "protocol":
			var major, minor int
			if _, err := fmt.Sscanf(value, "%d.%d", &major, &minor); err != nil {
				t.Fatal(err)
			}
			version = major<<16 | minor
		case "user":
			params[0][1] = value
		case "database":
			params[1][1] = value
		default:
			params = append(params, [2]string{arg.Key, value})
		}
	}
	b = b.int32(version)
	for _, p := range params {
		b = b.str(p[0]).str(p[1])
	}
	b = append(b, 0)
	if _, err := c.Write(append(body{}.int32(len(b)+4), b...)); err != nil {
		return err.Error()
	}
	out := c.receive("ReadyForQuery", 1, d.HasArg("verbose"))
	var lines []string
	for _, line := range strings.SplitAfter(out, "\n") {
		if !strings.HasPrefix(line, "ParameterStatus ") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func send(t *testing.T, c *conn, d *datadriven.TestData, until string, verbose bool) string {
	var all []byte
	due := 0
	for _, line := range strings.Split(d.Input, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		msg, ready, err := encode(line)
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		if ready {
			due++
		}
		all = append(all, msg...)
	}
	if _, err := c.Write(all); err != nil {
		return err.Error()
	}
	d.MaybeScanArgs(t, "ready", &due)
	switch {
	case d.HasArg("nowait"):
		return ""
	case until != "":
		return c.receive(until, 1, verbose)
	}
	return c.receive("ReadyForQuery", due, verbose)
}

// raw sends the bytes of a quoted string, or of hexadecimal digits.
func raw(t *testing.T, c *conn, d *datadriven.TestData, until string) string {
	words, err := split(strings.ReplaceAll(d.Input, "\n", " "))
	if err != nil {
		d.Fatalf(t, "%v", err)
	}
	var all []byte
	for _, w := range words {
		b := []byte(w.text)
		if !w.quoted {
			if b, err = hex.DecodeString(w.text); err != nil {
				d.Fatalf(t, "%v", err)
			}
		}
		all = append(all, b...)
	}
	if _, err := c.Write(all); err != nil {
		return err.Error()
	}
	if until == "" {
		return ""
	}
	return c.receive(until, 1, d.HasArg("verbose"))
}

// receive shows messages until one of the name has come so often. The end of the connection is shown as "close".
func (c *conn) receive(until string, times int, verbose bool) string {
	var out strings.Builder
	_ = c.SetReadDeadline(time.Now().Add(patience))
	for seen := 0; seen < times; {
		typ, b, err := c.next()
		if err != nil {
			out.WriteString(ending(err) + "\n")
			break
		}
		if typ == 'K' {
			c.key = b
		}
		out.WriteString(decode(typ, b, verbose) + "\n")
		if names[typ] == until {
			seen++
		}
	}
	return out.String()
}

func (c *conn) quiet(t *testing.T) string {
	_ = c.SetReadDeadline(time.Now().Add(quietTime))
	typ, b, err := c.next()
	switch {
	case err == nil:
		return decode(typ, b, false)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ""
	}
	return ending(err)
}

// next reads one message.
func (c *conn) next() (typ byte, b []byte, err error) {
	var h [5]byte
	if _, err := io.ReadFull(c, h[:]); err != nil {
		return 0, nil, err
	}
	b = make([]byte, binary.BigEndian.Uint32(h[1:])-4)
	_, err = io.ReadFull(c, b)
	return h[0], b, err
}

// ending is how the end of a connection is shown: a reset is as good as a close.
func ending(err error) string {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return "nothing more came"
	}
	return "close"
}

func (r *runner) cancel(t *testing.T, c *conn) string {
	nc, err := r.server.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	b := append(body{}.int32(1234<<16|5678), c.key...)
	if _, err := nc.Write(append(body{}.int32(len(b)+4), b...)); err != nil {
		return err.Error()
	}
	_ = nc.SetReadDeadline(time.Now().Add(patience))
	answer, err := io.ReadAll(nc)
	if err != nil || len(answer) > 0 {
		return fmt.Sprintf("answer %x, %v", answer, err)
	}
	return ""
}
