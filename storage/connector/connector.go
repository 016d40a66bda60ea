package connector

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// Connector is what CREATE STREAM … WITH (connector = 'name') and CREATE SINK … WITH (connector = 'name') find. Each
// connector has one as a literal.
type Connector struct {
	Name string
	Doc  string // a sentence for the reference page
	// NewSource makes a source of it; nil for a connector that is only a sink.
	NewSource     func(SourceConfig) (Source, error)
	SourceOptions []Option
	// NewSink makes a sink of it; nil for a connector that is only a source.
	NewSink     func(SinkConfig) (Sink, error)
	SinkOptions []Option
	// Files says that it reads and writes files of the server's folder for files, without which it is refused.
	Files bool
}

// ErrNoFiles is what a connector over files says where there is no folder for them.
func ErrNoFiles() error {
	return sqlerr.New(sqlerr.InsufficientPrivilege, "this server allows no files").
		WithHint("Start it with a folder for them: streamdb start --files=FOLDER.")
}

// Column is a column of a stream or of a sink's rows.
type Column struct {
	Name string
	Type types.Type
	Doc  string // for the reference page; empty in a stream's declaration
}

// SourceConfig is what a source is made of.
type SourceConfig struct {
	// Columns are those that the stream declares, in its order.
	Columns []Column
	// Options has a value for every option of the connector.
	Options Options
	// Root is the folder that file paths are relative to and cannot leave; empty where the server allows no files.
	Root string
}

// SinkConfig is what a sink is made of.
type SinkConfig struct {
	// ID names this sink for good, across restarts and unlike any sink before it: a target made by another is not touched.
	ID string
	// Columns are those of the rows that it gets.
	Columns []Column
	Options Options
	Root    string
}

// Set is the list of connectors that a server has.
type Set []Connector

// optionName is the option that chooses the connector.
const optionName = "connector"

// Source makes the source that the options of a CREATE STREAM ask for. Its options may contain "connector"; also are names
// of options that the statement takes itself: they are the caller's to handle and only listed in hints.
func (s Set) Source(given []Given, also []string, cfg SourceConfig) (Source, error) {
	c, rest, err := s.find(given, func(c Connector) bool { return c.NewSource != nil }, "a stream")
	if err != nil {
		return nil, err
	}
	if cfg.Options, err = Resolve(c.SourceOptions, rest, also); err != nil {
		return nil, err
	}
	return c.NewSource(cfg)
}

// Sink makes the sink that the options of a CREATE SINK ask for.
func (s Set) Sink(given []Given, also []string, cfg SinkConfig) (Sink, error) {
	c, rest, err := s.find(given, func(c Connector) bool { return c.NewSink != nil }, "a sink")
	if err != nil {
		return nil, err
	}
	if cfg.Options, err = Resolve(c.SinkOptions, rest, also); err != nil {
		return nil, err
	}
	return c.NewSink(cfg)
}

// CheckSink checks the options that Sink would take, without touching a target. root is the server's folder for files.
func (s Set) CheckSink(given []Given, also []string, root string) error {
	c, rest, err := s.find(given, func(c Connector) bool { return c.NewSink != nil }, "a sink")
	if err != nil {
		return err
	}
	if _, err = Resolve(c.SinkOptions, rest, also); err != nil {
		return err
	}
	if c.Files && root == "" {
		return ErrNoFiles()
	}
	return nil
}

// find takes the connector option out of the given ones and finds a connector that can do what is asked.
func (s Set) find(given []Given, can func(Connector) bool, what string) (Connector, []Given, error) {
	var valid []string
	for _, c := range s {
		if can(c) {
			valid = append(valid, c.Name)
		}
	}
	hint := "Connectors of " + what + ": " + strings.Join(valid, ", ") + "."
	at := slices.IndexFunc(given, func(g Given) bool { return g.Name == optionName })
	if at < 0 {
		return Connector{}, nil, sqlerr.New(sqlerr.InvalidParameterValue, "option %q is missing", optionName).WithHint("%s", hint)
	}
	name := strings.ToLower(given[at].Value)
	for _, c := range s {
		if c.Name == name && can(c) {
			rest := slices.Delete(slices.Clone(given), at, at+1)
			return c, rest, nil
		}
	}
	return Connector{}, nil, sqlerr.New(sqlerr.InvalidParameterValue, "connector %q is unknown for %s", given[at].Value, what).
		WithHint("%s", hint).At(given[at].Offset)
}

// Match finds each declared column among those that a connector offers, by name, and gives its index there. A subset is
// fine; a column that is not offered and a type that differs are errors.
func Match(offered, declared []Column) ([]int, error) {
	at := make([]int, len(declared))
	for i, d := range declared {
		at[i] = slices.IndexFunc(offered, func(o Column) bool { return o.Name == d.Name })
		if at[i] < 0 {
			return nil, sqlerr.New(sqlerr.UndefinedColumn, "the connector has no column %q", d.Name).
				OnColumn(d.Name).WithHint("Its columns are: %s.", describe(offered))
		}
		if o := offered[at[i]]; !accepts(o.Type, d.Type) {
			return nil, sqlerr.New(sqlerr.DatatypeMismatch, "column %q of the connector is of type %v", d.Name, o.Type).
				OnColumn(d.Name).WithHint("Its columns are: %s.", describe(offered))
		}
	}
	return at, nil
}

// accepts reports whether a column offered as one type can be declared as the other: the same type or one that has all its
// values and lies in memory alike (varchar for text, a timestamp of more digits for one of fewer).
func accepts(offered, declared types.Type) bool {
	if offered.ID == types.Text && declared.ID == types.Varchar && declared.Array == offered.Array {
		return declared.Mod == 0
	}
	if offered.ID == types.Timestamp || offered.ID == types.Timestamptz {
		return offered.Same(declared) && (declared.Mod == 0 || declared.Mod >= offered.Mod)
	}
	return offered == declared
}

func describe(cols []Column) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = fmt.Sprintf("%s %v", c.Name, c.Type)
	}
	return strings.Join(parts, ", ")
}
