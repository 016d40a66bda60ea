package reference

import (
	"fmt"
	"strings"
)

// page is a Markdown page that is being written.
type page struct{ text strings.Builder }

func (p *page) heading(format string, args ...any) {
	fmt.Fprintf(&p.text, "\n## "+format+"\n", args...)
}

func (p *page) paragraph(text string) { p.text.WriteString("\n" + text + "\n") }

// table is a table with a line of column names and one for each row.
func (p *page) table(columns []string, rows [][]string) {
	p.text.WriteString("\n")
	p.row(columns)
	p.row(strings.Fields(strings.Repeat("--- ", len(columns))))
	for _, r := range rows {
		p.row(r)
	}
}

func (p *page) row(cells []string) {
	p.text.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// code is text as it is typed; a bar would end the table's cell, even in code.
func code(text string) string {
	if text == "" {
		return ""
	}
	text = strings.ReplaceAll(text, "|", `\|`)
	if strings.Contains(text, "`") {
		return "`` " + text + " ``"
	}
	return "`" + text + "`"
}

// prose is text in which nothing is markup.
func prose(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`).Replace(text)
}
