package showdown

import (
	"fmt"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/plot"
)

// colors of the models, in all plots.
var colors = map[string]string{pipelined: "#1f77b4", microbatch: "#d95f02"}

// plots are the report's, by file name.
func (r *Results) plots() map[string]*plot.Plot {
	out := map[string]*plot.Plot{}
	if len(r.Rates) > 0 {
		out["rate.svg"] = r.ratePlot()
	}
	for _, q := range r.queries() {
		if p := r.latencyPlot(q); p != nil {
			out["latency-"+q+".svg"] = p
		}
	}
	if p := r.faultPlot("Latency across a failure", isFailure); p != nil {
		out["failure.svg"] = p
	}
	if p := r.faultPlot("Latency across a change of the model", isSwitch); p != nil {
		out["switch.svg"] = p
	}
	return out
}

// queries are those that were measured, in order.
func (r *Results) queries() (out []string) {
	for _, x := range r.Rates {
		if len(out) == 0 || out[len(out)-1] != x.Query {
			out = append(out, x.Query)
		}
	}
	return out
}

func (r *Results) ratePlot() *plot.Plot {
	p := &plot.Plot{Title: "Highest rate that is kept up with", Y: "events/s", Log: true, Names: r.queries()}
	for _, m := range []string{pipelined, microbatch} {
		s := plot.Series{Name: m, Color: colors[m]}
		for _, x := range r.Rates {
			if x.Execution != m {
				continue
			}
			for i, q := range p.Names {
				if q == x.Query {
					s.Points = append(s.Points, plot.Point{X: float64(i), Y: float64(x.Sustained)})
				}
			}
		}
		p.Series = append(p.Series, s)
	}
	return p
}

func (r *Results) latencyPlot(query string) *plot.Plot {
	p := &plot.Plot{Title: "Latency of " + query, X: "load, % of the highest rate", Y: "ms", Log: true}
	for _, m := range []string{pipelined, microbatch} {
		median, tail := plot.Series{Name: m + ", p50", Color: colors[m]}, plot.Series{Name: m + ", p99", Color: colors[m], Dashed: true}
		for _, l := range r.Latencies {
			if l.Query == query && l.Execution == m {
				median.Points = append(median.Points, plot.Point{X: float64(l.Percent), Y: l.P50})
				tail.Points = append(tail.Points, plot.Point{X: float64(l.Percent), Y: l.P99})
			}
		}
		if len(median.Points) < 2 {
			return nil
		}
		p.Series = append(p.Series, median, tail)
	}
	return p
}

func isFailure(f Fault) bool { return f.Answered > 0 || f.What == "a task panics" }

func isSwitch(f Fault) bool {
	return f.What == "switched to micro-batches" || f.What == "switched to pipelined"
}

// faultPlot shows the latency of events by when they were due, in the runs in which something happened.
func (r *Results) faultPlot(title string, which func(Fault) bool) *plot.Plot {
	p := &plot.Plot{Title: title, X: "seconds at which events were due", Y: "ms", Log: true}
	for _, f := range r.Faults {
		if !which(f) {
			continue
		}
		s := plot.Series{Name: fmt.Sprintf("%s: %s", f.Execution, f.What), Color: colors[f.Execution], Dashed: f.What == "a task panics"}
		for i, ms := range f.Latency {
			s.Points = append(s.Points, plot.Point{X: (float64(i) + 0.5) / float64(len(f.Latency)) * f.Length / 1000, Y: ms})
		}
		p.Series, p.Marks = append(p.Series, s), []float64{f.At / 1000}
	}
	if len(p.Series) == 0 {
		return nil
	}
	return p
}
