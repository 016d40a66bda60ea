package showdown

import "fmt"

// colors of the models, in all plots.
var colors = map[string]string{pipelined: "#1f77b4", microbatch: "#d95f02"}

// plots are the report's, by file name.
func (r *Results) plots() map[string]*plot {
	out := map[string]*plot{}
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

func (r *Results) ratePlot() *plot {
	p := &plot{title: "Highest rate that is kept up with", y: "events/s", log: true, names: r.queries()}
	for _, m := range []string{pipelined, microbatch} {
		s := series{name: m, color: colors[m]}
		for _, x := range r.Rates {
			if x.Execution != m {
				continue
			}
			for i, q := range p.names {
				if q == x.Query {
					s.points = append(s.points, point{float64(i), float64(x.Sustained)})
				}
			}
		}
		p.series = append(p.series, s)
	}
	return p
}

func (r *Results) latencyPlot(query string) *plot {
	p := &plot{title: "Latency of " + query, x: "load, % of the highest rate", y: "ms", log: true}
	for _, m := range []string{pipelined, microbatch} {
		median, tail := series{name: m + ", p50", color: colors[m]}, series{name: m + ", p99", color: colors[m], dashed: true}
		for _, l := range r.Latencies {
			if l.Query == query && l.Execution == m {
				median.points = append(median.points, point{float64(l.Percent), l.P50})
				tail.points = append(tail.points, point{float64(l.Percent), l.P99})
			}
		}
		if len(median.points) < 2 {
			return nil
		}
		p.series = append(p.series, median, tail)
	}
	return p
}

func isFailure(f Fault) bool { return f.Answered > 0 || f.What == "a task panics" }

func isSwitch(f Fault) bool {
	return f.What == "switched to micro-batches" || f.What == "switched to pipelined"
}

// faultPlot shows the latency of events by when they were due, in the runs in which something happened.
func (r *Results) faultPlot(title string, which func(Fault) bool) *plot {
	p := &plot{title: title, x: "seconds at which events were due", y: "ms", log: true}
	for _, f := range r.Faults {
		if !which(f) {
			continue
		}
		s := series{name: fmt.Sprintf("%s: %s", f.Execution, f.What), color: colors[f.Execution], dashed: f.What == "a task panics"}
		for i, ms := range f.Latency {
			s.points = append(s.points, point{(float64(i) + 0.5) / float64(len(f.Latency)) * f.Length / 1000, ms})
		}
		p.series, p.marks = append(p.series, s), []float64{f.At / 1000}
	}
	if len(p.series) == 0 {
		return nil
	}
	return p
}
