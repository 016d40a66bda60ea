package file

import (
	"errors"
	"io/fs"
	"os"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/format/delimited"
)

// Connector is the file connector.
var Connector = connector.Connector{
	Name:      "file",
	Doc:       "Files of CSV or JSON lines under the server's folder for files.",
	NewSource: newSource,
	SourceOptions: []connector.Option{
		pathOption, formatOption, headerOption, delimiterOption, nullOption,
	},
	NewSink: newSink,
	Files:   true,
	SinkOptions: []connector.Option{
		pathOption, formatOption, headerOption, delimiterOption, nullOption,
		{Name: "mode", Kind: connector.Choice, Default: "changelog", Choices: []string{"changelog", "append"},
			Doc: "changelog writes epoch and weight before the columns; append writes the columns alone and fails at a retraction."},
		{Name: "fsync", Kind: connector.Boolean, Default: "on",
			Doc: "Whether each cut is on disk before it counts; off survives a crash of the server, but not of the machine."},
	},
}

var (
	pathOption = connector.Option{Name: "path", Kind: connector.Text, Required: true,
		Doc: "The file's path, relative to the server's folder for files."}
	formatOption = connector.Option{Name: "format", Kind: connector.Choice, Default: "csv", Choices: []string{"csv", "json"},
		Doc: "csv, or json: an object a line."}
	headerOption = connector.Option{Name: "header", Kind: connector.Boolean, Default: "on",
		Doc: "Whether the first line of CSV has the columns' names. With it a source finds its columns by name, without it by place."}
	delimiterOption = connector.Option{Name: "delimiter", Kind: connector.Text, Default: ",", Doc: "The delimiter of CSV."}
	nullOption      = connector.Option{Name: "null", Kind: connector.Text, Doc: "How null is written in CSV, unquoted."}
)

// csvOptions are the options of CSV.
func csvOptions(o connector.Options) (delimited.Options, error) {
	csv := delimited.CSV()
	csv.Null = o.Text("null")
	if d := o.Text("delimiter"); len(d) == 1 && d != "\n" && d != "\r" && d != `"` {
		csv.Delimiter = d[0]
	} else {
		return csv, sqlerr.New(sqlerr.InvalidParameterValue, "delimiter must be a single byte that is no quote and no line end")
	}
	for _, b := range []byte(csv.Null) {
		if b == csv.Delimiter || b == '"' || b == '\n' || b == '\r' {
			return csv, sqlerr.New(sqlerr.InvalidParameterValue, "null must have no delimiter, quote or line end")
		}
	}
	if o.Bool("header") {
		csv.Header = delimited.HeaderLine
	}
	return csv, nil
}

// openRoot opens the folder for files.
func openRoot(path string) (*os.Root, error) {
	if path == "" {
		return nil, connector.ErrNoFiles()
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, sqlerr.Wrap(err, sqlerr.UndefinedFile, "could not open the folder for files")
	}
	return root, nil
}

// fileError words an error of the operating system.
func fileError(err error, action, path string) error {
	code := sqlerr.IOError
	var patherr *fs.PathError
	reason := err
	if errors.As(err, &patherr) {
		reason = patherr.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		code = sqlerr.UndefinedFile
	case errors.Is(err, fs.ErrPermission), reason.Error() == "path escapes from parent":
		code = sqlerr.InsufficientPrivilege
	}
	return sqlerr.Wrap(err, code, "could not %s file \"%s\": %v", action, path, reason).
		WithHint("Paths are relative to the server's folder for files and cannot leave it.")
}
