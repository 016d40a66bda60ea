package job

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
)

const s = 1_000_000

func windowsOf(ops ...physical.Op) clockWindows {
	p := &physical.Plan{}
	for _, x := range ops {
		p.Nodes = append(p.Nodes, physical.Node{Op: x})
	}
	return newClockWindows(p)
}

// dues are when windows close one after another, if nothing else happens, as of a watermark.
func dues(l clockWindows, at int64) (out []int64) {
	for len(out) < 20 {
		if at = l.due(at); at == op.EndOfTime {
			return out
		}
		out = append(out, at)
	}
	return append(out, -1)
}

// TestClockWindows: windows are due when they end, with the lateness that is allowed, until the last that may have rows has ended; those of
// windows likewise.
func TestClockWindows(t *testing.T) {
	judge := physical.Lateness{Judge: true}
	tumble := &physical.WindowAssign{Window: physical.Tumble, Size: 10 * s, Slide: 10 * s, Offset: 3 * s, ByClock: true, Lateness: judge}
	hop := &physical.WindowAssign{Window: physical.Hop, Size: 4 * s, Slide: 2 * s, ByClock: true, Lateness: judge}
	late := &physical.WindowAssign{Window: physical.Tumble, Size: 10 * s, Slide: 10 * s, ByClock: true, Lateness: physical.Lateness{Judge: true, Allowed: s}}
	wide := &physical.WindowAssign{Window: physical.Tumble, Size: 60 * s, Slide: 60 * s, ByClock: true, Lateness: judge}
	session := &physical.Session{Gap: 5 * s, ByClock: true}
	for name, c := range map[string]struct {
		ops  []physical.Op
		came []int64
		at   int64
		want []int64
	}{
		"nothing came":     {[]physical.Op{tumble}, nil, 50 * s, nil},
		"one window":       {[]physical.Op{tumble}, []int64{14 * s}, 14 * s, []int64{23 * s}},
		"on a bound":       {[]physical.Op{tumble}, []int64{23 * s}, 23 * s, []int64{33 * s}},
		"two windows":      {[]physical.Op{tumble}, []int64{14 * s, 24 * s}, 24 * s, []int64{33 * s}},
		"behind":           {[]physical.Op{tumble}, []int64{14 * s, 24 * s}, 14 * s, []int64{23 * s, 33 * s}},
		"all closed":       {[]physical.Op{tumble}, []int64{14 * s}, 23 * s, nil},
		"hop":              {[]physical.Op{hop}, []int64{3 * s}, 3 * s, []int64{4 * s, 6 * s}},
		"allowed lateness": {[]physical.Op{late}, []int64{3 * s}, 3 * s, []int64{11 * s}},
		"late, and ended":  {[]physical.Op{late}, []int64{3 * s}, 10*s + s/2, []int64{11 * s}},
		"windows of those": {[]physical.Op{hop, wide}, []int64{58 * s}, 58 * s, []int64{60 * s, 62 * s, 120 * s}},
		"session":          {[]physical.Op{session}, []int64{3 * s}, 3 * s, []int64{8 * s}},
		"sessions":         {[]physical.Op{session}, []int64{3 * s, 4 * s}, 4 * s, []int64{8 * s, 9 * s}},
		"session is over":  {[]physical.Op{session}, []int64{3 * s}, 8 * s, nil},
		"not by the clock": {[]physical.Op{&physical.WindowAssign{Size: s, Slide: s, Lateness: judge}}, []int64{s}, s, nil},
		"nothing closes":   {[]physical.Op{&physical.WindowAssign{Size: s, Slide: s, ByClock: true}}, []int64{s}, s, nil},
		"before any row":   {[]physical.Op{tumble}, []int64{14 * s}, op.NoWatermark, nil},
		"the source ended": {[]physical.Op{tumble}, []int64{14 * s}, op.EndOfTime, nil},
	} {
		t.Run(name, func(t *testing.T) {
			l := windowsOf(c.ops...)
			for _, at := range c.came {
				l.came(at)
			}
			require.Equal(t, c.want, dues(l, c.at))
		})
	}
}

// TestManySessions: sessions that end shortly after one another are one run, which is due until the last of them has ended.
func TestManySessions(t *testing.T) {
	l := windowsOf(&physical.Session{Gap: 1000 * s, ByClock: true})
	for at := int64(0); at < 5000*s; at += s {
		l.came(at)
	}
	require.LessOrEqual(t, len(l[0].runs), mostRuns+1)
	require.Equal(t, int64(1000*s), l.due(0))
	require.Equal(t, int64(1000*s+1), l.due(1000*s), "in a run it is not known what ends next")
	require.Equal(t, int64(op.EndOfTime), l.due(6000*s))
}

// TestUnknownRows: after a restart every window that rows may be in is due.
func TestUnknownRows(t *testing.T) {
	l := windowsOf(&physical.WindowAssign{Window: physical.Tumble, Size: 10 * s, Slide: 10 * s, ByClock: true, Lateness: physical.Lateness{Judge: true}})
	l.unknown(14 * s)
	require.Equal(t, []int64{20 * s}, dues(l, 14*s))
	l = windowsOf(&physical.Session{Gap: 5 * s, ByClock: true})
	l.unknown(14 * s)
	require.Equal(t, int64(14*s+1), l.due(14*s))
	require.Equal(t, int64(op.EndOfTime), l.due(19*s))
}
