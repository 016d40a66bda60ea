package showdown

import (
	"fmt"
	"strings"
)

// meaning says in words what the figures say: who wins where, and whether the literature says so too. Each sentence follows from the
// tables above it.
func (r *Results) meaning(b *strings.Builder) {
	if len(r.Rates) == 0 {
		return
	}
	b.WriteString("## What it means\n\n")
	for _, say := range []func() string{r.sayRate, r.sayLatency, r.saySnapshots, r.sayRecovery, r.sayStraggler, r.saySwitch} {
		if text := say(); text != "" {
			b.WriteString(text + "\n\n")
		}
	}
}

// of is the figure of each model for a query.
func (r *Results) rateOf(query, execution string) *Rate {
	for i := range r.Rates {
		if r.Rates[i].Query == query && r.Rates[i].Execution == execution {
			return &r.Rates[i]
		}
	}
	return nil
}

func (r *Results) sayRate() string {
	const same = 1.15 // closer ones are called equal
	wins := map[string][]string{}
	for _, q := range r.queries() {
		p, m := r.rateOf(q, pipelined), r.rateOf(q, microbatch)
		if p == nil || m == nil {
			continue
		}
		ratio := p.Drained / m.Drained
		switch {
		case ratio > same:
			wins[pipelined] = append(wins[pipelined], fmt.Sprintf("%s (%.1f times)", q, ratio))
		case 1/ratio > same:
			wins[microbatch] = append(wins[microbatch], fmt.Sprintf("%s (%.1f times)", q, 1/ratio))
		default:
			wins["neither"] = append(wins["neither"], q)
		}
	}
	text := "**Rate.** Without pace, "
	var list []string
	for _, who := range []string{pipelined, microbatch, "neither"} {
		if len(wins[who]) > 0 {
			list = append(list, who+" is ahead in "+strings.Join(wins[who], ", "))
		}
	}
	text += strings.Join(list, "; ") + ". " + r.sayCPU()
	return text + `Discretized Streams (Zaharia et al., SOSP 2013) and Drizzle (Venkataraman et al., SOSP 2017) credit batches with throughput, as a batch is a
chance to aggregate before the exchange and to plan for bulk. Here both models run the same vectorised operators, and without pace a pipelined
epoch is a large batch too. ` + choose(len(wins[microbatch]) > len(wins[pipelined]), "What is left of the advantage shows all the same.",
		`The advantage does not show. What micro-batches pay for here is what makes them recover: each batch freezes a version of each partition, so that
the first write to a page copies it, and blocks stay in memory until a snapshot, so that new ones are written to new memory.`)
}

// sayCPU tells what a million events cost the processors.
func (r *Results) sayCPU() string {
	var list []string
	for _, q := range r.queries() {
		if p, m := r.rateOf(q, pipelined), r.rateOf(q, microbatch); p != nil && m != nil {
			list = append(list, fmt.Sprintf("%s %.3f and %.3f", q, p.CPU, m.CPU))
		}
	}
	return "A million events cost, pipelined and in micro-batches, seconds of CPU time: " + strings.Join(list, "; ") + ". "
}

func choose(c bool, yes, no string) string {
	if c {
		return yes
	}
	return no
}

// latencyAt is the latency of a query at a load; nil if it was not measured.
func (r *Results) latencyAt(query, execution string, percent int) *Latency {
	for i := range r.Latencies {
		if l := &r.Latencies[i]; l.Query == query && l.Execution == execution && l.Percent == percent {
			return l
		}
	}
	return nil
}

// middle is the load that is spoken of: 50 %, or the only one.
func (r *Results) middle() int {
	const half = 50
	for _, l := range r.Latencies {
		if l.Percent == half {
			return half
		}
	}
	if len(r.Latencies) > 0 {
		return r.Latencies[0].Percent
	}
	return 0
}

func (r *Results) sayLatency() string {
	load := r.middle()
	var list []string
	always := true
	for _, q := range r.queries() {
		p, m := r.latencyAt(q, pipelined, load), r.latencyAt(q, microbatch, load)
		if p == nil || m == nil {
			continue
		}
		always = always && p.P50 < m.P50 && p.P99 < m.P99
		list = append(list, fmt.Sprintf("%s %.1f to %.1f ms (p99 %.1f to %.1f)", q, p.P50, m.P50, p.P99, m.P99))
	}
	if len(list) == 0 {
		return ""
	}
	return fmt.Sprintf("**Latency.** At %d %% of each model's rate the medians, pipelined to micro-batches, are: %s. ", load, strings.Join(list, "; ")) +
		choose(always, "Pipelined wins everywhere", "Pipelined does not win everywhere") +
		`; an event waits half an interval on average before its micro-batch begins, whatever the engine. That is Drizzle's starting point, and why Flink's authors
(Carbone et al., 2015) let records flow. Drizzle removes the cost of scheduling a batch, so that batches can be short; here scheduling is a lock in one
process, and the interval is nearly all of it.`
}

func (r *Results) saySnapshots() string {
	const unnoticed = 10 // percent
	var list []string
	most := 0.0
	for _, x := range r.Rates {
		if x.Bare > 0 {
			change := 100 * (x.Drained/x.Bare - 1)
			most = max(most, -change)
			list = append(list, fmt.Sprintf("%s %s %+.0f %%", x.Query, x.Execution, change))
		}
	}
	return "**Snapshots.** What the usual snapshots do to the rate without pace: " + strings.Join(list, ", ") + `. (A gain is noise of the machine, and tells how
much of a loss may be.) Asynchronous barrier snapshots promise a cost that is hardly noticed. State is frozen by a pointer here, in either model, and what
changed is written behind the flow: nothing waits for it, ` + choose(most < unnoticed, "and the promise is kept.",
		"but on a machine whose processors are all busy writing takes from the same processors, and the promise is not kept where much state changes each second.")
}

// rebuildOf is the rebuild of so many partitions.
func (r *Results) rebuildOf(execution string, lost int) *Rebuild {
	for i := range r.Rebuilds {
		if x := &r.Rebuilds[i]; x.Execution == execution && x.Lost == lost {
			return x
		}
	}
	return nil
}

func (r *Results) sayRecovery() string {
	one, two, all := r.rebuildOf(microbatch, 1), r.rebuildOf(microbatch, 2), r.rebuildOf(pipelined, keyGroups)
	if one == nil || two == nil || all == nil {
		return ""
	}
	return fmt.Sprintf(`**Recovery.** One lost partition of %d cost micro-batches %.1f %% of the rows since the base and %.1f ms; two cost %.1f ms, on two workers. A pipelined view
goes back as a whole: %.0f %% of the rows and %.0f ms. `, one.Partitions, 100*float64(one.Read)/float64(max(1, one.Rows)), one.Millis, two.Millis,
		100*float64(all.Read)/float64(max(1, all.Rows)), all.Millis) +
		choose(all.Millis > one.Millis, "Micro-batches win, as Discretized Streams and Drizzle (which recovers four times as fast as Flink) say: ", "Micro-batches do not win, against the literature: ") +
		`lineage recomputes what is lost, in parallel, and a global rollback everything. With snapshots as often as in the runs under load, there is little to replay,
and what a subscriber sees of either is in the table above; a lost process is lost for both.`
}

func (r *Results) sayStraggler() string {
	var p, m *Straggler
	for i := range r.Stragglers {
		if x := &r.Stragglers[i]; x.Execution == pipelined {
			p = x
		} else {
			m = x
		}
	}
	if p == nil || m == nil {
		return ""
	}
	return fmt.Sprintf(`**Stragglers.** One slow task of eight costs the pipelined view %.0f %% of its rate and the micro-batched one %.0f %%, which ran %d tasks a second time. `, p.loss(), m.loss(), m.Speculative) +
		choose(m.loss() < p.loss(), "That is the argument of Discretized Streams: a deterministic task can be run twice, a long-lived operator cannot; ",
			"Discretized Streams says the contrary; ") + "asynchronous barrier snapshots have no answer to a slow task, as all wait at the barrier for it."
}

func (r *Results) saySwitch() string {
	longest := 0.0
	for _, f := range r.Faults {
		if isChange(f) {
			longest = max(longest, f.Gap)
		}
	}
	if longest == 0 {
		return ""
	}
	return fmt.Sprintf(`**So nobody has to choose once.** A view changed its model and its parallelism under load with no longer a gap than %.0f ms, and no row lost or sent twice. The literature
compares engines, each with one model; here it is an ALTER VIEW.`, longest)
}

// isChange reports whether a user did it.
func isChange(f Fault) bool {
	return strings.Contains(f.What, "switched") || strings.Contains(f.What, "parallelism")
}

// figure is one that was promised.
type figure struct {
	what, promised string
	measured       string
	met            bool
}

// figures compare with what the design promised.
func (r *Results) figures(b *strings.Builder) {
	var rows [][]string
	for _, f := range r.promises() {
		rows = append(rows, []string{f.what, f.promised, f.measured, choose(f.met, "yes", "no")})
	}
	if len(rows) > 0 {
		b.WriteString("## Promised and measured\n\n")
		table(b, []string{"figure", "promised", "measured", "met"}, rows)
	}
}

// promises are those of the project's fourth issue, as far as they were measured.
func (r *Results) promises() (out []figure) {
	add := func(what string, limit, measured float64, unit string) {
		out = append(out, figure{what, fmt.Sprintf("< %.4g %s", limit, unit), fmt.Sprintf("%.1f %s", measured, unit), measured < limit})
	}
	load := r.middle()
	for _, q := range r.queries() {
		if l := r.latencyAt(q, pipelined, load); l != nil {
			add(fmt.Sprintf("p99, %s pipelined at %d %%", q, load), 10, l.P99, "ms")
		}
		if l := r.latencyAt(q, microbatch, load); l != nil {
			add(fmt.Sprintf("p99, %s in micro-batches at %d %%", q, load), 200, l.P99, "ms")
		}
	}
	if x := r.rebuildOf(microbatch, 1); x != nil {
		add("rows read again for one lost partition", 12.5, 100*float64(x.Read)/float64(max(1, x.Rows)), "%")
		if two := r.rebuildOf(microbatch, 2); two != nil {
			add("time of two lost partitions to that of one", 1.5, two.Millis/x.Millis, "times")
		}
	}
	for _, x := range r.Stragglers {
		if x.Execution == microbatch {
			add("micro-batches' loss by one slow task of eight", 20, x.loss(), "%")
		}
	}
	for _, f := range r.Faults {
		if isChange(f) {
			add(fmt.Sprintf("longest gap, %s %s", f.Execution, f.What), 500, f.Gap, "ms")
		}
	}
	return out
}
