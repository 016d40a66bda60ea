package optest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Script runs a file of cases. Its commands:
//
//	operator …            a new operator, which build makes of the arguments and the input
//	push [port=1]         a batch; a line a row: "+1 1 | a", the weight (default +1) and its values, null for null
//	watermark t=5         moves the watermark of all ports, or of port=1; prints what comes and what was passed on
//	step                  ends the step: prints what the step has emitted, rows in order of their text, and its fault
//	restore               moves the state to a new operator
//	all                   prints the accumulated output
//
// A push prints what was emitted in it.
func Script(t *testing.T, path string, build func(t *testing.T, d *datadriven.TestData) Subject) {
	s := &script{}
	datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
		if d.Cmd == "operator" {
			if s.h != nil {
				s.h.Close()
			}
			s.h = NewHarness(t, build(t, d), d.HasArg("once"))
			s.h.Ctx.Late = s.late
			return ""
		}
		s.h.t = t
		s.text.Reset()
		s.run(t, d)
		return s.text.String()
	})
	if s.h != nil {
		s.h.t = t
		s.h.Close()
	}
}

type script struct {
	h    *Harness
	text strings.Builder
}

func (s *script) run(t *testing.T, d *datadriven.TestData) {
	h := s.h
	before := NewZSet(h.Out.All.Types)
	for _, c := range h.Out.Step.Rows() {
		before.Add(c.Row, -c.Weight)
	}
	port := 0
	d.MaybeScanArgs(t, "port", &port)
	switch d.Cmd {
	case "push":
		h.Push(port, parseRows(t, h.subject.Inputs[port], d.Input)...)
	case "watermark":
		s.watermark(t, d, port)
	case "step":
		s.step()
		return
	case "restore":
		h.Restore()
	case "all":
		s.text.WriteString(h.Out.All.String())
	default:
		d.Fatalf(t, "unknown command %s", d.Cmd)
	}
	for _, c := range h.Out.Step.Rows() {
		before.Add(c.Row, c.Weight)
	}
	s.text.WriteString(before.String())
}

func (s *script) watermark(t *testing.T, d *datadriven.TestData, port int) {
	var at int64
	d.ScanArgs(t, "t", &at)
	was := s.h.Out.Passed
	for p := range s.h.subject.Inputs {
		if p == port || !d.HasArg("port") {
			s.h.Watermark(p, at)
		}
	}
	if now := s.h.Out.Passed; now != was {
		fmt.Fprintf(&s.text, "watermark %d\n", now)
	}
}

func (s *script) step() {
	s.h.EndStep()
	s.text.WriteString(s.h.Out.Step.String())
	if err := s.h.Ctx.Faults.Err(); err != nil {
		fmt.Fprintf(&s.text, "fault: %v\n", err)
	}
	if n := s.h.Ctx.LateRows; n > 0 {
		fmt.Fprintf(&s.text, "late rows: %d\n", n)
	}
	s.h.BeginStep()
}

func (s *script) late(b *vec.Batch, rows []int32, watermark int64) {
	for _, i := range rows {
		fmt.Fprintf(&s.text, "late at %d: %s\n", watermark, RowText(b.Types(), copyRow(b, int(i))))
	}
}

func parseRows(t *testing.T, ts []types.Type, text string) (out []Change) {
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		c := Change{Weight: 1}
		if line[0] == '+' || line[0] == '-' {
			weight, rest, _ := strings.Cut(line, " ")
			w, err := strconv.ParseInt(weight, 10, 64)
			if err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			c.Weight, line = w, rest
		}
		fields := strings.Split(line, " | ")
		if len(fields) != len(ts) && !(len(ts) == 0 && line == "") {
			t.Fatalf("%q has %d values, not %d", line, len(fields), len(ts))
		}
		for i := range ts {
			c.Row = append(c.Row, Value(t, ts[i], strings.TrimSpace(fields[i])))
		}
		out = append(out, c)
	}
	return out
}

// Value is a value by its text, null for null.
func Value(t testing.TB, typ types.Type, text string) types.Datum {
	if text == "null" {
		return types.Null
	}
	d, err := (*types.Env)(nil).ParseText(typ, []byte(text))
	if err != nil {
		t.Fatalf("%q is no %s: %v", text, typ, err)
	}
	return d
}
