package delimited

// Header says what the first line is.
type Header uint8

// What the first line may be.
const (
	NoHeader    Header = iota
	HeaderLine         // names of columns; skipped when read
	HeaderMatch        // names of columns, which must be the columns' own
)

// Options are those of COPY. Text and CSV give the defaults.
type Options struct {
	CSV                      bool
	Delimiter, Quote, Escape byte // Quote and Escape are for CSV
	Null                     string
	Header                   Header
	// ForceQuote, ForceNotNull and ForceNull are by column, as Skip is; nil: for none.
	ForceQuote, ForceNotNull, ForceNull []bool
	// Skip are columns whose fields are not read: their vectors are left alone.
	Skip []bool
	// Context is what the context of errors begins with, as "COPY t".
	Context string
}

// Text is the text format.
func Text() Options { return Options{Delimiter: '\t', Null: `\N`} }

// CSV is the csv format.
func CSV() Options { return Options{CSV: true, Delimiter: ',', Quote: '"', Escape: '"'} }

// forced is whether a list of options by column has column c.
func forced(list []bool, c int) bool { return list != nil && list[c] }
