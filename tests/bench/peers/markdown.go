package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
)

// notes is a report to be read, which is written anew whenever there is more to say.
type notes struct {
	name   string // empty: none is written
	head   string
	tables []table
}

// newNotes begins a report with where, when and how it was measured.
func newNotes(name, commit string, args []string) *notes {
	load := "unknown"
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		load, _, _ = strings.Cut(string(text), " ")
	}
	return &notes{name: name, head: fmt.Sprintf("# Side by side\n\nWritten by `go run ./tests/bench/peers %s`; [how to read it](peers.md).\n"+
		"%s, %s, commit %s; load average %s when it began.\n", strings.Join(args, " "), time.Now().UTC().Format("2 January 2006, 15:04 UTC"), process.Machine(), commit, load)}
}

// show has a contest's table, in place of what there was of it.
func (n *notes) show(t table) error {
	replaced := false
	for i := range n.tables {
		if n.tables[i].title() == t.title() {
			n.tables[i], replaced = t, true
		}
	}
	if !replaced {
		n.tables = append(n.tables, t)
	}
	if n.name == "" {
		return nil
	}
	return os.WriteFile(n.name, []byte(n.String()), 0o644)
}

func (n *notes) String() string {
	var b strings.Builder
	b.WriteString(n.head)
	for _, t := range n.tables {
		fmt.Fprintf(&b, "\n## %s\n\n%s Event rate %d.\n\n", t.title(), units, t.eventRate)
		line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
		line(t.header())
		line(slices.Repeat([]string{"---"}, len(t.header())))
		for _, c := range t.cells() {
			for i := range c {
				c[i] = strings.ReplaceAll(c[i], "|", `\|`)
			}
			line(c)
		}
		b.WriteString("\n")
		for _, s := range t.summary() {
			fmt.Fprintf(&b, "- %s\n", s)
		}
	}
	return b.String()
}
