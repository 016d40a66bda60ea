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
	rows      []row
}

// row is a query.
type row struct {
	query   string
	events  int64
	answers string
	pairs   []pair
}

// pair is two runs, one after the other.
type pair struct{ ours, theirs result }

func (t table) print(w io.Writer) error {
	fmt.Fprintf(w, "\nStreamDB %s and %s in turn. Rates in million events/s, CPU in seconds per million events, memory in MiB at its peak; medians.\n", t.execution, t.peer)
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(columns, "query\tM events\tStreamDB\tpeer\tratio\tCPU\tpeer\tratio\tmemory\tpeer\tratio\t\tanswers")
	var ratios []float64
	for _, r := range t.rows {
		fmt.Fprintln(columns, r.line())
		if x := r.ratio(rate); x > 0 {
			ratios = append(ratios, x)
		}
	}
	if err := columns.Flush(); err != nil {
		return err
	}
	if len(ratios) > 0 {
		fmt.Fprintf(w, "geometric mean of the rates' ratios over %d queries: %.2f\n", len(ratios), geometricMean(ratios))
	}
	return nil
}

// figure is a number of a run; nil where it is not known.
type figure func(result) *float64

func rate(r result) *float64 { return r.EventsPerS }

func cpu(r result) *float64 { return r.CPUSeconds }

func memory(r result) *float64 {
	if r.PeakRSSBytes == nil {
		return nil
	}
	bytes := float64(*r.PeakRSSBytes)
	return &bytes
}

func (r row) line() string {
	million := float64(r.events) / 1e6
	ours := func(f figure) float64 { return r.median(func(p pair) *float64 { return f(p.ours) }) }
	theirs := func(f figure) float64 { return r.median(func(p pair) *float64 { return f(p.theirs) }) }
	cells := []string{
		r.query, number(million, 0),
		number(ours(rate)/1e6, 2), number(theirs(rate)/1e6, 2), number(r.ratio(rate), 2),
		number(ours(cpu)/million, 3), number(theirs(cpu)/million, 3), number(r.ratio(cpu), 2),
		number(ours(memory)/(1<<20), 0), number(theirs(memory)/(1<<20), 0), number(r.ratio(memory), 2),
		"", r.remark(),
	}
	return strings.Join(cells, "\t")
}

// remark is how the answers compare, and why there are no figures.
func (r row) remark() string {
	remark := r.answers
	for _, p := range r.pairs {
		for _, failed := range []struct{ who, why string }{{"StreamDB", p.ours.Error}, {"peer", p.theirs.Error}} {
			if failed.why != "" && !strings.Contains(remark, failed.why) {
				remark += "; " + failed.who + ": " + failed.why
			}
		}
	}
	if len(remark) > longestRemark {
		remark = remark[:longestRemark] + "…"
	}
	return remark
}

// longestRemark cuts what engines say at length; standard error and the report have all of it.
const longestRemark = 100

// ratio is the median of the pairs' ratios of a figure.
func (r row) ratio(f figure) float64 {
	return r.median(func(p pair) *float64 {
		ours, theirs := f(p.ours), f(p.theirs)
		if ours == nil || theirs == nil || *theirs == 0 {
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
