package curves

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/plot"
)

// plots are those of the curves that were measured, by file name.
func (r *Results) plots() map[string]*plot.Plot {
	out := map[string]*plot.Plot{}
	for _, x := range curves {
		if p := r.plot(x); p != nil {
			out[x.name+".svg"] = p
		}
	}
	return out
}

// colors of the lines of a plot, in their order.
var colors = []string{"#1f77b4", "#6baed6", "#d95f02", "#fdae6b"}

// plot is a curve's rates; nil if it was not measured.
func (r *Results) plot(x curve) *plot.Plot {
	p := &plot.Plot{Title: x.title, X: x.x, Y: "events/s", Log: true, LogX: x.xs[len(x.xs)-1] >= 100*x.xs[0]}
	for i, name := range r.lines(x) {
		s := plot.Series{Name: name, Color: colors[i%len(colors)]}
		for _, q := range r.Points {
			if q.Curve == x.name && q.Line == name {
				s.Points = append(s.Points, plot.Point{X: float64(q.X), Y: q.EventsPerS})
			}
		}
		p.Series = append(p.Series, s)
	}
	if len(p.Series) == 0 {
		return nil
	}
	return p
}

// lines are those of a curve that were measured.
func (r *Results) lines(x curve) (out []string) {
	for _, p := range r.Points {
		if p.Curve == x.name && !slices.Contains(out, p.Line) {
			out = append(out, p.Line)
		}
	}
	return out
}

// markdown is the report.
func (r *Results) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# How the rate changes

Written by `+"`streamdb bench curves`"+` on %s. A point is a run over the bounded Nexmark streams to their end, on a server of its own, with snapshots
each 10 s. At each value all lines gave the same answer. State is the most that the queries were seen to have while they ran. All figures are
in [results.json](results.json).
`, r.Machine)
	for _, x := range curves {
		if len(r.lines(x)) > 0 {
			r.section(&b, x)
		}
	}
	return b.String()
}

// section is a curve's plot, its queries and its table.
func (r *Results) section(b *strings.Builder, x curve) {
	fmt.Fprintf(b, "\n## %s\n\n![%s](%s.svg)\n\n```sql\n%s\n```\n\n", x.title, x.title, x.name, x.query(x.lines[0], x.xs[0], 0))
	fmt.Fprintf(b, "| %s | | M events/s | CPU ns an event | state MiB | state bytes a row of the result | peak MiB |\n|---:|---|---:|---:|---:|---:|---:|\n", x.x)
	for _, p := range r.Points {
		if p.Curve != x.name {
			continue
		}
		cpu, peak, perRow := "–", "–", "–"
		queries := int64(1)
		if x.each != nil {
			queries = x.each(p.X)
		}
		if p.CPUSeconds != nil {
			cpu = fmt.Sprintf("%.0f", *p.CPUSeconds/float64(p.Events*queries)*1e9)
		}
		if p.PeakRSSBytes != nil {
			peak = fmt.Sprintf("%.0f", float64(*p.PeakRSSBytes)/(1<<20))
		}
		if p.Rows > 0 && queries == 1 && p.StateBytes > 0 {
			perRow = fmt.Sprintf("%.0f", float64(p.StateBytes)/float64(p.Rows))
		}
		fmt.Fprintf(b, "| %s | %s | %.2f | %s | %.1f | %s | %s |\n", plot.Short(float64(p.X)), p.Line, p.EventsPerS/million, cpu, float64(p.StateBytes)/(1<<20), perRow, peak)
	}
}
