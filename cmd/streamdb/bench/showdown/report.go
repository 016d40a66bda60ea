package showdown

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/plot"
)

// markdown is the report.
func (s *Showdown) markdown(r *Results) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Pipelined or micro-batches: the showdown

Written by `+"`streamdb bench showdown`"+` on %s; micro-batches of %v, parallelism %d, runs of %v at a given rate. Both models run
the same operators over the same state; a measurement has a server process of its own, and the source's events are made in it. Latency
is that of every millisecond of due times, from when its events were due to when a subscriber on the wire had a row that counts them.
Every answer was checked. All figures are in [results.json](results.json).

`, r.Machine, s.Interval, s.Parallelism, s.seconds())
	if s.Short {
		b.WriteString("**A short run: the figures mean little.**\n\n")
	}
	for _, section := range []func(*strings.Builder){r.rateSection, r.latencySection, r.rebuildSection, r.faultSection, r.stragglerSection, r.meaning, r.figures} {
		section(&b)
	}
	return b.String()
}

// table writes a table; columns of figures are on the right.
func table(b *strings.Builder, head []string, rows [][]string) {
	fmt.Fprintf(b, "| %s |\n|", strings.Join(head, " | "))
	for i := range head {
		if i < 2 {
			b.WriteString("---|")
		} else {
			b.WriteString("--:|")
		}
	}
	b.WriteByte('\n')
	for _, row := range rows {
		fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
	}
	b.WriteByte('\n')
}

func (r *Results) rateSection(b *strings.Builder) {
	if len(r.Rates) == 0 {
		return
	}
	b.WriteString(`## Rate

Without pace: the source is read as fast as the view takes it, with the usual snapshots (one each second, or as many as 12 MiB a second
allow, and 64 of micro-batches) and without any. Kept up with: the highest of the rates tried (nine tenths of that, and each time a quarter
less) of a source with a clock of its own that did not leave the view behind.

`)
	var rows [][]string
	for _, x := range r.Rates {
		rows = append(rows, []string{x.Query, x.Execution, plot.Short(x.Drained), plot.Short(x.Bare), choose(x.Behind, "less than ", "") + plot.Short(float64(x.Sustained)),
			fmt.Sprintf("%.3f", x.CPU), fmt.Sprintf("%.1f", float64(x.StateBytes)/(1<<20)),
			fmt.Sprint(x.Rows)})
	}
	table(b, []string{"query", "model", "events/s without pace", "and without snapshots", "kept up with", "CPU s per million", "state, MiB", "rows"}, rows)
	b.WriteString("![highest rates](rate.svg)\n\n")
	for _, w := range workloads {
		if slices.Contains(r.queries(), w.name) {
			fmt.Fprintf(b, "%s: %s.\n\n```sql\n%s\n```\n\n", w.name, w.what, w.sql)
		}
	}
}

func (r *Results) latencySection(b *strings.Builder) {
	if len(r.Latencies) == 0 {
		return
	}
	b.WriteString("## Latency, and what snapshots cost\n\nThe load is in percent of the rate that the model itself keeps up with. Snapshots are averages.\n\n")
	var rows [][]string
	for _, l := range r.Latencies {
		rows = append(rows, []string{l.Query, l.Execution, fmt.Sprint(l.Percent), plot.Short(float64(l.Rate)), fmt.Sprintf("%.1f", l.P50), fmt.Sprintf("%.1f", l.P99),
			fmt.Sprintf("%.1f", l.P999), fmt.Sprint(l.Snapshots), fmt.Sprintf("%.2f", l.SnapshotBytes/(1<<20)), fmt.Sprintf("%.0f", l.SnapshotTime)})
	}
	table(b, []string{"query", "model", "load, %", "events/s", "p50, ms", "p99, ms", "p99.9, ms", "snapshots", "MiB each", "ms each"}, rows)
	for _, q := range r.queries() {
		if r.latencyPlot(q) != nil {
			fmt.Fprintf(b, "![latency of %s](latency-%s.svg)\n", q, q)
		}
	}
	b.WriteByte('\n')
}

func (r *Results) rebuildSection(b *strings.Builder) {
	if len(r.Rebuilds) == 0 {
		return
	}
	b.WriteString(`## State that is lost

An idle server, no snapshot since the view began, blocks in memory: micro-batches make the lost partitions again from their blocks, on all
workers; a pipelined view whose task fails goes back and reads everything again. streamdb.lineage and streamdb.operators count the rows.

`)
	var rows [][]string
	for _, x := range r.Rebuilds {
		rows = append(rows, []string{x.Execution, fmt.Sprintf("%d of %d", x.Lost, x.Partitions), fmt.Sprint(x.Rows), fmt.Sprint(x.Read),
			fmt.Sprintf("%.1f", 100*float64(x.Read)/float64(max(1, x.Rows))), fmt.Sprintf("%.1f", x.Millis)})
	}
	table(b, []string{"model", "partitions lost", "rows since the base", "read again", "%", "ms"}, rows)
}

func (r *Results) faultSection(b *strings.Builder) {
	if len(r.Faults) == 0 {
		return
	}
	fmt.Fprintf(b, `## Under load: failures, and changes of the model

The query %s at %s events/s. A gap is a time in which the subscriber had nothing new; caught up is when events were again visible
within %v and the interval. After kill -9 the subscriber connects anew; answered is from the start of the process to a strict read.

`, r.Faults[0].Query, plot.Short(float64(r.Faults[0].Rate)), slack)
	var rows [][]string
	for _, f := range r.Faults {
		answered := ""
		if f.Answered > 0 {
			answered = fmt.Sprintf("%.0f", f.Answered)
		}
		rows = append(rows, []string{f.Execution, f.What, fmt.Sprintf("%.0f", f.Before), fmt.Sprintf("%.0f", f.Gap), fmt.Sprintf("%.0f", f.CaughtUp), answered})
	}
	table(b, []string{"model", "what happened", "longest gap before, ms", "longest gap after, ms", "caught up after, ms", "answered after, ms"}, rows)
	b.WriteString("![latency across a failure](failure.svg)\n![latency across a change of the model](switch.svg)\n\n")
}

func (r *Results) stragglerSection(b *strings.Builder) {
	if len(r.Stragglers) == 0 {
		return
	}
	b.WriteString("## One slow task of eight\n\nIt waits for nine times as long as it works, without using a processor; the source has no pace.\n\n")
	var rows [][]string
	for _, x := range r.Stragglers {
		rows = append(rows, []string{x.Query, x.Execution, plot.Short(x.Usual), plot.Short(x.Slowed), fmt.Sprintf("%.0f", x.loss()), fmt.Sprint(x.Speculative)})
	}
	table(b, []string{"query", "model", "events/s", "with a slow task", "loss, %", "tasks run twice"}, rows)
}

// loss is by how many percent the slow task slows the query.
func (x *Straggler) loss() float64 { return 100 * (1 - x.Slowed/x.Usual) }
