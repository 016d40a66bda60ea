package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

// table is the outcome of a contest.
type table struct {
	peer      string
	execution string
	byFlink   bool // the peer is the one that targets and DBSP's figures go by
	eventRate int64
	rows      []row
	latency   *row // at a rate; nil if that was not measured
}

// row is a query.
type row struct {
	query  string
	events int64
	pairs  []pair
}

// header names the columns of a table.
func (t table) header() []string {
	h := []string{"query", "M events", "StreamDB", "peer", "ratio"}
	if t.byFlink {
		h = append(h, "at least", "to DBSP")
	}
	return append(h, "CPU", "peer", "ratio", "memory", "peer", "ratio", "answers")
}

// cells are the table's, row by row.
func (t table) cells() (out [][]string) {
	for _, r := range t.rows {
		million := float64(r.events) / 1e6
		ours := func(f figure) float64 { return r.median(func(p pair) *float64 { return f(p.Ours) }) }
		theirs := func(f figure) float64 { return r.median(func(p pair) *float64 { return f(p.Theirs) }) }
		c := []string{r.query, number(million, 1), number(ours(rate)/1e6, 2), number(theirs(rate)/1e6, 2), number(r.ratio(rate), 2)}
		if t.byFlink {
			c = append(c, number(target(r.query), 0), number(t.toDBSP(r), 2))
		}
		c = append(c, number(ours(cpu)/million, 3), number(theirs(cpu)/million, 3), number(r.ratio(cpu), 2),
			number(ours(memory)/(1<<20), 0), number(theirs(memory)/(1<<20), 0), number(r.ratio(memory), 2), r.remark())
		out = append(out, c)
	}
	return out
}

// toDBSP is the ratio to DBSP's figure, scaled by what the peer, Flink, had then and has now.
func (t table) toDBSP(r row) float64 {
	if share := dbspShare(r.query, t.eventRate); share > 0 {
		return r.ratio(rate) * share
	}
	return math.NaN()
}

// units says what the columns are of.
const units = "Rates in million events/s, CPU in seconds per million events, memory in MiB at its peak; medians."

func (t table) title() string { return fmt.Sprintf("StreamDB %s and %s in turn", t.execution, t.peer) }

func (t table) print(w io.Writer) error {
	fmt.Fprintf(w, "\n%s. %s\n", t.title(), units)
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, c := range append([][]string{t.header()}, t.cells()...) {
		last := len(c) - 1
		fmt.Fprintln(columns, strings.Join(c[:last], "\t")+"\t\t"+c[last]) // which is not aligned
	}
	if err := columns.Flush(); err != nil {
		return err
	}
	for _, line := range t.summary() {
		fmt.Fprintln(w, line)
	}
	return nil
}

// summary has what is said of all queries together, and of latency.
func (t table) summary() (lines []string) {
	mean := func(what string, ratio func(row) float64) {
		var known []float64
		for _, r := range t.rows {
			if x := ratio(r); x > 0 {
				known = append(known, x)
			}
		}
		if len(known) > 0 {
			lines = append(lines, fmt.Sprintf("geometric mean of %s over %d queries: %.2f", what, len(known), geometricMean(known)))
		}
	}
	mean("the rates' ratios", func(r row) float64 { return r.ratio(rate) })
	if t.byFlink {
		mean("the ratios to DBSP", t.toDBSP)
	}
	mean("the ratios of memory", func(r row) float64 { return r.ratio(memory) })
	if t.latency != nil {
		lines = append(lines, t.latencyLine())
	}
	return lines
}

// latencyLine says how long events took.
func (t table) latencyLine() string {
	r := t.latency
	ours := func(f figure) float64 { return r.median(func(p pair) *float64 { return f(p.Ours) }) }
	theirs := func(f figure) float64 { return r.median(func(p pair) *float64 { return f(p.Theirs) }) }
	return fmt.Sprintf("latency of a keyed aggregate at %d events/s in ms: StreamDB p50 %s, p99 %s; peer p50 %s, p99 %s; ratio of p99 %s (%s)",
		r.pairs[0].EventRate, number(ours(p50), 1), number(ours(p99), 1), number(theirs(p50), 1), number(theirs(p99), 1), number(r.ratio(p99), 2), r.remark())
}

// figure is a number of a run; nil where it is not known.
type figure func(result) *float64

func rate(r result) *float64 { return r.EventsPerS }

func cpu(r result) *float64 { return r.CPUSeconds }

func p50(r result) *float64 { return r.P50 }

func p99(r result) *float64 { return r.P99 }

func memory(r result) *float64 {
	if r.PeakRSSBytes == nil {
		return nil
	}
	bytes := float64(*r.PeakRSSBytes)
	return &bytes
}

// failed says that the query is not worth running again: it would only fail again.
func (r row) failed() bool {
	for _, p := range r.pairs {
		if p.Ours.Error != "" || p.Theirs.Error != "" || p.Answers == answersDiffer {
			return true
		}
	}
	return false
}

// remark is how the answers compare, and why there are no figures.
func (r row) remark() string {
	var all []string
	say := func(s string) {
		if s != "" && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	for _, p := range r.pairs {
		say(p.Answers)
		if p.Ours.Error != "" {
			say("StreamDB: " + p.Ours.Error)
		}
		if p.Theirs.Error != "" {
			say("peer: " + p.Theirs.Error)
		}
	}
	remark := strings.Join(all, "; ")
	if len(remark) > longestRemark {
		remark = remark[:longestRemark] + "…"
	}
	return strings.ReplaceAll(remark, "\n", " ")
}

// longestRemark cuts what engines say at length; standard error and the report have all of it.
const longestRemark = 100

// ratio is the median of the pairs' ratios of a figure. Runs with different answers have none.
func (r row) ratio(f figure) float64 {
	return r.median(func(p pair) *float64 {
		ours, theirs := f(p.Ours), f(p.Theirs)
		if ours == nil || theirs == nil || *theirs == 0 || p.Answers == answersDiffer {
			return nil
		}
		ratio := *ours / *theirs
		return &ratio
	})
}

// median is that of what is known of the pairs; not a number if nothing is.
func (r row) median(of func(pair) *float64) float64 {
	var known []float64
	for _, p := range r.pairs {
		if x := of(p); x != nil {
			known = append(known, *x)
		}
	}
	return median(known)
}

func median(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	slices.Sort(x)
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

func geometricMean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(x)))
}

func number(x float64, decimals int) string {
	if math.IsNaN(x) {
		return "-"
	}
	return fmt.Sprintf("%.*f", decimals, x)
}
