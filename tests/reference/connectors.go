package reference

import (
	"fmt"
	"strings"

	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/connector/blackhole"
	"github.com/streamdb/streamdb/storage/connector/file"
	"github.com/streamdb/streamdb/storage/connector/nexmark"
)

// connectors is the page of connectors and their options.
func connectors() string {
	var p page
	p.text.WriteString("# Connectors\n")
	p.paragraph("`CREATE STREAM s (…) WITH (connector = 'name', option = 'value', …)` reads rows from outside, `CREATE SINK s … WITH (connector = 'name', …)` writes a\n" +
		"view's changes there. Other options of streams and sinks are in [statements.md](../statements.md). `go test ./tests/reference -rewrite`\n" +
		"writes this page from `storage/connector`.")
	for _, c := range []connector.Connector{blackhole.Connector, file.Connector, nexmark.Connector} {
		p.heading("%s", c.Name)
		p.paragraph(prose(c.Doc))
		if c.NewSource != nil {
			p.options("of a stream", c.SourceOptions)
		}
		if c.NewSink != nil {
			p.options("of a sink", c.SinkOptions)
		}
	}
	return p.text.String()
}

func (p *page) options(what string, list []connector.Option) {
	var rows [][]string
	for _, o := range list {
		def := code(o.Default)
		if o.Required {
			def = "must be given"
		}
		rows = append(rows, []string{code(o.Name), prose(values(o)), def, prose(o.Doc)})
	}
	p.table([]string{"option " + what, "value", "default", ""}, rows)
}

// values are what an option can be.
func values(o connector.Option) string {
	switch o.Kind {
	case connector.Choice:
		return strings.Join(o.Choices, ", ")
	case connector.Boolean:
		return "on, off"
	case connector.Integer:
		return fmt.Sprintf("%d to %d", o.Min, o.Max)
	}
	return "text"
}
