package database

import (
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/storage/connector"
)

// TrySource makes and closes the source of a stream that is to be created, so that what is wrong with its options is an error
// of the statement.
func (d *Database) TrySource(r *catalog.Relation, options []*ast.Option) error {
	given, err := ownLess(options, StreamOptions)
	if err != nil {
		return err
	}
	s, err := d.cfg.Connectors.Source(given, StreamOptions, connector.SourceConfig{Columns: connectorColumns(r), Root: d.cfg.Root})
	if err != nil {
		return err
	}
	return s.Close()
}

// TrySink checks the options of a sink that is to be created. Its target is not touched before the statement commits.
func (d *Database) TrySink(options []*ast.Option) error {
	given, err := ownLess(options, SinkOptions)
	if err != nil {
		return err
	}
	return d.cfg.Connectors.CheckSink(given, SinkOptions, d.cfg.Root)
}

// ownLess are the options without those that the statement takes itself.
func ownLess(options []*ast.Option, own []string) ([]connector.Given, error) {
	var theirs []*ast.Option
	for _, o := range options {
		taken := false
		for _, name := range own {
			taken = taken || o.Name == name
		}
		if !taken {
			theirs = append(theirs, o)
		}
	}
	return connector.FromAST(theirs)
}
