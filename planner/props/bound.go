package props

import (
	"math"
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
)

// Bound says that the partners of a join are near each other in event time: Left - Before <= Right <= Left + After, in
// microseconds. So watermarks tell when a row will have no further partner.
type Bound struct {
	Left, Right   logical.ColID
	Before, After int64
	// LeftUntil and RightUntil say for how long a row has partners where After, or Before, is unlimited: Right <= a column of the left
	// row, or Left <= one of the right row. Nil where it is limited.
	LeftUntil, RightUntil *Until
	// LeftEnds and RightEnds say that a time is the end of a window; Windows that both are, and equal, which makes it a window join.
	LeftEnds, RightEnds, Windows bool
}

// Until is a column, which need not carry a watermark, plus a length.
type Until struct {
	Col  logical.ColID
	Plus int64
}

// Bound is the bound of a join that frees most, nil if it has none. A column of each side is compared with one of the other, and both
// carry a watermark; or each side's is compared with any column of the other's row, which says how long that is needed. It must free both
// sides: a query that keeps one for ever is not worth rows that are late.
func (d *Deriver) Bound(j *logical.Join) *Bound {
	if b, ok := d.bounds[j]; ok {
		return b
	}
	var best *Bound
	if !j.NullAware && !j.LookUp {
		for _, b := range d.distances(j) {
			if b.limited() && (best == nil || b.better(best)) {
				best = b
			}
		}
	}
	d.bounds[j] = best
	return best
}

// better reports whether b frees more than another bound.
func (b *Bound) better(than *Bound) bool {
	if b.Windows != than.Windows {
		return b.Windows
	}
	if x, y := b.untils(), than.untils(); x != y {
		return x < y
	}
	return b.length() < than.length()
}

// untils is how many sides end by a column of their own.
func (b *Bound) untils() (n int) {
	for _, u := range []*Until{b.LeftUntil, b.RightUntil} {
		if u != nil {
			n++
		}
	}
	return n
}

// length is the time in which partners are, as far as it is limited.
func (b *Bound) length() (sum int64) {
	for _, d := range []int64{b.Before, b.After} {
		if d != unlimited {
			sum += d
		}
	}
	return sum
}

// limited reports whether rows of both sides will have no further partner some day.
func (b *Bound) limited() bool {
	return (b.Before != unlimited || b.RightUntil != nil) && (b.After != unlimited || b.LeftUntil != nil)
}

// unlimited is a length that no condition limits.
const unlimited = math.MaxInt64

// distances are what the conditions say of each pair of columns with watermarks, in the order in which they say it.
func (d *Deriver) distances(j *logical.Join) []*Bound {
	l, r := d.Of(j.Left), d.Of(j.Right)
	if l.Watermarks.Empty() || r.Watermarks.Empty() {
		return nil
	}
	var out []*Bound
	at := func(x, y logical.ColID) *Bound {
		for _, b := range out {
			if b.Left == x && b.Right == y {
				return b
			}
		}
		b := &Bound{Left: x, Right: y, Before: unlimited, After: unlimited, LeftEnds: l.ends(x), RightEnds: r.ends(y)}
		out = append(out, b)
		return b
	}
	times := compared(j)
	for _, c := range times {
		if !l.Watermarks.Has(c.x) || !r.Watermarks.Has(c.y) {
			continue
		}
		if c.nulls && !(l.NotNull.Has(c.x) && r.NotNull.Has(c.y)) {
			continue // rows without a time have no partner in a join with a bound
		}
		b := at(c.x, c.y)
		if c.upper != unlimited { // left - right <= upper
			b.Before = min(b.Before, c.upper)
		}
		if c.lower != -unlimited { // left - right >= lower
			b.After = min(b.After, -c.lower)
		}
		b.Windows = b.Windows || c.equal && b.LeftEnds && b.RightEnds
	}
	for _, x := range l.Watermarks.List() { // overlapping intervals compare no two columns that both carry a watermark
		for _, y := range r.Watermarks.List() {
			at(x, y).addUntils(times)
		}
	}
	return out
}

// compared are the comparisons of a column of the left side, x, with one of the right.
func compared(j *logical.Join) (out []timeComparison) {
	left, right := logical.OutputSet(j.Left), logical.OutputSet(j.Right)
	for _, on := range j.On {
		for _, cond := range expr.Conjuncts(on) {
			c, ok := compareTimes(cond)
			if left.Has(c.y) && right.Has(c.x) {
				c = c.turned()
			}
			if ok && left.Has(c.x) && right.Has(c.y) {
				out = append(out, c)
			}
		}
	}
	return out
}

// addUntils has the rows end by a column of their own where the bound does not end them.
func (b *Bound) addUntils(times []timeComparison) {
	for _, c := range times {
		switch {
		case c.nulls:
		case b.After == unlimited && b.LeftUntil == nil && c.y == b.Right && c.lower != -unlimited: // right <= column - lower
			b.LeftUntil = &Until{c.x, -c.lower}
		case b.Before == unlimited && b.RightUntil == nil && c.x == b.Left && c.upper != unlimited: // left <= column + upper
			b.RightUntil = &Until{c.y, c.upper}
		}
	}
}

// ends reports whether a column holds the ends of windows.
func (p *Props) ends(c logical.ColID) bool {
	return slices.ContainsFunc(p.Windows, func(w Window) bool { return w.End == c })
}

// timeComparison says that lower <= x - y <= upper; equal that it is x = y, and nulls that nulls are equal then.
type timeComparison struct {
	x, y         logical.ColID
	lower, upper int64
	equal, nulls bool
}

// turned is the same said of y - x.
func (c timeComparison) turned() timeComparison {
	return timeComparison{c.y, c.x, -c.upper, -c.lower, c.equal, c.nulls}
}

// compareTimes reads a comparison of two times, each a column with or without constant intervals added, or of their difference with a
// constant interval.
func compareTimes(cond expr.Node) (timeComparison, bool) {
	if a, b, nulls, ok := Equality(cond); ok && nulls {
		x, ok1 := logical.ColumnOf(a)
		y, ok2 := logical.ColumnOf(b)
		return timeComparison{x: x, y: y, equal: true, nulls: true}, ok1 && ok2
	}
	not, negated := cond.(*expr.Not)
	if negated {
		cond = not.Arg
	}
	call, ok := cond.(*expr.Call)
	if !ok || len(call.Args) != 2 {
		return timeComparison{}, false
	}
	op, a, b := call.Fn.Name, call.Args[0], call.Args[1]
	if negated {
		op = opposite[op]
	}
	if x, y, from, to, ok := difference(a, b); ok {
		return within(op, x, y, from, to)
	}
	if x, y, from, to, ok := difference(b, a); ok { // constant op difference
		return within(mirrored[op], x, y, from, to)
	}
	x, ok1 := shifted(a)
	y, ok2 := shifted(b)
	if !ok1 || !ok2 || !a.Type().Same(b.Type()) {
		return timeComparison{}, false
	}
	return within(op, x.col, y.col, y.from-x.to, y.to-x.from)
}

// within is x - y op something from from to to.
func within(op string, x, y logical.ColID, from, to int64) (timeComparison, bool) {
	c := timeComparison{x: x, y: y, lower: -unlimited, upper: unlimited}
	switch op {
	case "<":
		c.upper = to - 1
	case "<=":
		c.upper = to
	case ">":
		c.lower = from + 1
	case ">=":
		c.lower = from
	case "=":
		c.lower, c.upper, c.equal = from, to, from == 0 && to == 0
	default:
		return c, false
	}
	return c, x != 0 && y != 0
}

// opposite are the comparisons that are true where others are false.
var opposite = map[string]string{"<": ">=", "<=": ">", ">": "<=", ">=": "<"}

// mirrored are the comparisons with their sides exchanged.
var mirrored = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}

// difference reads x - y, of two shifted columns, and a constant interval that it is compared with: from to to is that, less what
// the columns are shifted by.
func difference(n, constant expr.Node) (x, y logical.ColID, from, to int64, ok bool) {
	call, ok := n.(*expr.Call)
	if !ok || call.Fn.Name != "-" || len(call.Args) != 2 || !isInterval(n.Type()) {
		return 0, 0, 0, 0, false
	}
	a, ok1 := shifted(call.Args[0])
	b, ok2 := shifted(call.Args[1])
	from, to, ok3 := lengths(constant)
	if !ok1 || !ok2 || !ok3 {
		return 0, 0, 0, 0, false
	}
	return a.col, b.col, from - a.to + b.from, to - a.from + b.to, true
}

// shift is a column plus an interval from from to to.
type shift struct {
	col      logical.ColID
	from, to int64
}

// shifted reads a column of times with constant intervals added or taken off.
func shifted(n expr.Node) (shift, bool) {
	if !isTime(n.Type()) {
		return shift{}, false
	}
	if c, ok := logical.ColumnOf(n); ok {
		return shift{col: c}, true
	}
	call, ok := n.(*expr.Call)
	if !ok || len(call.Args) != 2 || call.Fn.Name != "+" && call.Fn.Name != "-" {
		return shift{}, false
	}
	time, length := call.Args[0], call.Args[1]
	if isInterval(time.Type()) && call.Fn.Name == "+" {
		time, length = length, time
	}
	s, ok := shifted(time)
	from, to, ok2 := lengths(length)
	if !ok || !ok2 {
		return shift{}, false
	}
	if call.Fn.Name == "-" {
		from, to = -to, -from
	}
	return shift{s.col, s.from + from, s.to + to}, true
}

// lengths are the least and the greatest length that a constant interval may have: a month has 28 to 31 days. Very long ones bound nothing.
func lengths(n expr.Node) (from, to int64, ok bool) {
	c, isConst := expr.Fold(n).(*expr.Const)
	if !isConst || c.Value.Null || !isInterval(c.Typ) {
		return 0, 0, false
	}
	const day = 24 * 60 * 60 * 1_000_000
	const most = 1 << 55 // over a thousand years; sums of a few do not overflow
	months, days, micros := c.Value.W.Interval()
	if months > 12_000 || months < -12_000 || days > 365_000 || days < -365_000 || micros > most || micros < -most {
		return 0, 0, false
	}
	length := int64(days)*day + micros
	from, to = int64(months)*28*day, int64(months)*31*day
	return length + min(from, to), length + max(from, to), true
}

func isInterval(t types.Type) bool { return t.ID == types.Interval && !t.Array }

func isTime(t types.Type) bool {
	return (t.ID == types.Timestamp || t.ID == types.Timestamptz) && !t.Array
}
