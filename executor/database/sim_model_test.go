package database

import (
	"math"
	"sort"

	"github.com/streamdb/streamdb/executor/op"
)

// row is a row of two numbers.
type row [2]int64

const null = math.MinInt64

// failed is the row of a bag that stands for the error of a view's row.
var failed = row{null, math.MaxInt64}

// bag is rows and how often each is there: the naive model of a relation at an epoch.
type bag map[row]int64

func (b bag) add(r row, w int64) {
	if b[r] += w; b[r] == 0 {
		delete(b, r)
	}
}

// each makes a bag of what f gives for each row. An error stays an error.
func (b bag) each(f func(r row, w int64, out bag)) bag {
	out := bag{}
	for r, w := range b {
		if r == failed {
			out[failed] = w
			continue
		}
		f(r, w, out)
	}
	return out
}

func (b bag) sum(f func(row) int64) (n int64) {
	for r, w := range b {
		n += f(r) * w
	}
	return n
}

// values folds the values that are not null; null without one.
func (b bag) values(f func(a, b int64) int64, weighted bool) int64 {
	acc := int64(null)
	for r, w := range b {
		v := r[1]
		if v == null {
			continue
		}
		if weighted {
			v *= w
		}
		if acc == null {
			acc = v
		} else {
			acc = f(acc, v)
		}
	}
	return acc
}

// partitions are the rows by k.
func (b bag) partitions() map[int64]bag {
	out := map[int64]bag{}
	for r, w := range b {
		if out[r[0]] == nil {
			out[r[0]] = bag{}
		}
		out[r[0]][r] = w
	}
	return out
}

func (b bag) groups(f func(bag) int64) bag {
	if b[failed] != 0 {
		return bag{failed: 1}
	}
	out := bag{}
	for k, g := range b.partitions() {
		out[row{k, f(g)}] = 1
	}
	return out
}

func (b bag) join(right bag, outer bool) bag {
	if b[failed] != 0 || right[failed] != 0 {
		return bag{failed: 1}
	}
	out := bag{}
	for l, n := range b {
		any := false
		for r, m := range right {
			if l[0] == r[0] && l[0] != null {
				out.add(row{l[0], r[1]}, n*m)
				any = true
			}
		}
		if outer && !any {
			out.add(row{l[0], null}, n)
		}
	}
	return out
}

// top is the n largest rows of each k, null being the largest.
func (b bag) top(n int64) bag {
	if b[failed] != 0 {
		return bag{failed: 1}
	}
	out := bag{}
	for _, g := range b.partitions() {
		var rows []row
		for r := range g {
			rows = append(rows, r)
		}
		sort.Slice(rows, func(i, j int) bool {
			a, b := rows[i][1], rows[j][1]
			return a != b && (a == null || (b != null && a > b))
		})
		left := n
		for _, r := range rows {
			if take := min(left, g[r]); take > 0 {
				out[r] = take
				left -= take
			}
		}
	}
	return out
}

// event is a change of an input at an epoch. For a stream the row is (k, at), and mark the watermark it stands for.
type event struct {
	epoch  uint64
	oid    uint32
	row    row
	weight int64
}

// model is the inputs by epoch and the views over them.
type model struct {
	events []event
	views  []*modelView
	// time is the recorded time of an epoch.
	time func(epoch uint64) int64
	// pulled are the positions of the source by epoch.
	pulled func(epoch uint64) int64
	// marked are the watermarks of the stream by epoch.
	marked func(epoch uint64) int64
	source uint32
	stream uint32
}

// modelView is a view that exists.
type modelView struct {
	oid    uint32
	name   string
	inputs []uint32
	shape  *shape // nil for the window view
	began  uint64
	// since is the epoch from which on a bad row stops the view: of its creation, or of its last resumption.
	since uint64
	// low is the epoch up to which the stream's rows were gone when the view was made.
	low uint64
	// clock says that it is the view of windows of processing time.
	clock bool
	// ttl is after how many microseconds its rows go; 0: they stay. expiry is what is known of them.
	ttl    int64
	expiry *expiry
	// recounts are the epochs up to which late rows have been made to count.
	recounts []uint64
}

func (m *model) view(oid uint32) *modelView {
	for _, v := range m.views {
		if v.oid == oid {
			return v
		}
	}
	return nil
}

// cutBack forgets what a crash has lost: everything past an epoch.
func (m *model) cutBack(last uint64) {
	kept := m.events[:0]
	for _, e := range m.events {
		if e.epoch <= last {
			kept = append(kept, e)
		}
	}
	m.events = kept
}

// at is what a relation should be at an epoch. A bag with the row failed says that it cannot be there.
func (m *model) at(oid uint32, epoch uint64) bag {
	v := m.view(oid)
	if v != nil && v.clock {
		return m.clockWindows(epoch, v)
	}
	if v != nil && v.shape == nil {
		return m.windows(epoch, v)
	}
	if v != nil && v.ttl > 0 {
		return m.expiry(v, epoch)
	}
	if v != nil {
		in := make([]bag, len(v.inputs))
		for i, oid := range v.inputs {
			in[i] = m.at(oid, epoch)
		}
		return v.shape.model(in)
	}
	out := bag{}
	if oid == m.source {
		for n := range m.pulled(epoch) {
			out.add(sourceRow(n), 1)
		}
		return out
	}
	for _, e := range m.events {
		if e.oid == oid && e.epoch <= epoch {
			out.add(e.row, e.weight)
		}
	}
	return out
}

// delay is how far the stream's watermark is behind its largest time.
const delay = 5

// windows are the closed windows of the stream at an epoch, without the rows that came late since the last recount, and those that were gone
// when the view was made.
func (m *model) windows(upTo uint64, v *modelView) bag {
	counted := uint64(0)
	for _, e := range v.recounts {
		if e <= upTo {
			counted = e
		}
	}
	counts := map[row]int64{} // by k and window end
	mark, pending, now := int64(op.NoWatermark), int64(op.NoWatermark), uint64(0)
	for _, e := range m.events { // in the order of epochs
		if e.oid != m.stream || e.epoch > upTo {
			continue
		}
		if e.epoch != now {
			mark, now = max(pending, m.marked(e.epoch-1)), e.epoch
		}
		pending = max(pending, e.row[1]-delay)
		if end := e.row[1] - e.row[1]%windowSize + windowSize; (end > mark || e.epoch <= counted) && e.epoch > v.low {
			counts[row{e.row[0], end}] += e.weight
		}
	}
	out, pending := bag{}, max(pending, m.marked(upTo))
	for r, n := range counts {
		if r[1] <= pending {
			out.add(row{r[0], n}, 1)
		}
	}
	return out
}
