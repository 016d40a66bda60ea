package connector

import (
	"slices"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// OptionKind says how an option's text is read.
type OptionKind uint8

// The kinds of options.
const (
	Text    OptionKind = iota
	Integer            // a 64-bit integer between Min and Max
	Boolean            // as PostgreSQL reads booleans
	Choice             // one of Choices, in any case
)

// Option is a row of a connector's option list.
type Option struct {
	Name string
	Kind OptionKind
	// Default is what an absent option is read from; Required ones have none.
	Default  string
	Required bool
	Min, Max int64    // of an Integer, both inclusive
	Choices  []string // of a Choice, in lower case
	Doc      string
}

// Given is an option as a statement has it: the name in lower case unless it was quoted, the value as text whatever way it
// was written, and the offset of the name in the client's text (negative: unknown).
type Given struct {
	Name, Value string
	Offset      int
}

// Options are the values of all options of a connector.
type Options struct {
	text map[string]string
	ints map[string]int64
}

// Text is the value of a Text or Choice option.
func (o Options) Text(name string) string { return o.text[name] }

// Int is the value of an Integer option.
func (o Options) Int(name string) int64 { return o.ints[name] }

// Bool is the value of a Boolean option.
func (o Options) Bool(name string) bool { return o.ints[name] != 0 }

// Resolve checks the given options against the list and fills in defaults. also are names that are valid in the statement
// but not the connector's; they are listed in hints.
func Resolve(list []Option, given []Given, also []string) (Options, error) {
	o := Options{text: map[string]string{}, ints: map[string]int64{}}
	seen := map[string]bool{}
	for _, g := range given {
		at := slices.IndexFunc(list, func(l Option) bool { return l.Name == g.Name })
		if at < 0 {
			return Options{}, sqlerr.New(sqlerr.InvalidParameterValue, "unrecognized parameter %q", g.Name).
				WithHint("Valid options are: %s.", names(list, also)).At(g.Offset)
		}
		if seen[g.Name] {
			return Options{}, sqlerr.New(sqlerr.SyntaxError, "conflicting or redundant options").
				WithDetail("Option %q is given twice.", g.Name).At(g.Offset)
		}
		seen[g.Name] = true
		if err := o.set(list[at], g.Value); err != nil {
			return Options{}, err.At(g.Offset)
		}
	}
	for _, l := range list {
		switch {
		case seen[l.Name]:
		case l.Required:
			return Options{}, sqlerr.New(sqlerr.InvalidParameterValue, "option %q is missing", l.Name).WithHint("%s", l.Doc)
		case l.Default != "" || l.Kind == Text:
			if err := o.set(l, l.Default); err != nil {
				return Options{}, sqlerr.Internal("default of option %q: %v", l.Name, err)
			}
		}
	}
	return o, nil
}

// set reads one value; its messages are those of PostgreSQL's reloptions.
func (o Options) set(l Option, value string) *sqlerr.Error {
	switch l.Kind {
	case Integer:
		n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		if err != nil {
			return sqlerr.New(sqlerr.InvalidParameterValue, "invalid value for integer option %q: %s", l.Name, value)
		}
		if n < l.Min || n > l.Max {
			return sqlerr.New(sqlerr.InvalidParameterValue, "value %s out of bounds for option %q", value, l.Name).
				WithDetail("Valid values are between \"%d\" and \"%d\".", l.Min, l.Max)
		}
		o.ints[l.Name] = n
	case Boolean:
		b, ok := parseBool(value)
		if !ok {
			return sqlerr.New(sqlerr.InvalidParameterValue, "invalid value for boolean option %q: %s", l.Name, value)
		}
		if b {
			o.ints[l.Name] = 1
		}
	case Choice:
		v := strings.ToLower(value)
		if !slices.Contains(l.Choices, v) {
			return sqlerr.New(sqlerr.InvalidParameterValue, "invalid value for enum option %q: %s", l.Name, value).
				WithDetail("Valid values are %s.", quoted(l.Choices))
		}
		o.text[l.Name] = v
	default:
		o.text[l.Name] = value
	}
	return nil
}

// parseBool takes what PostgreSQL's parse_bool takes: a unique prefix of true, false, yes, no, on, off, or a digit.
func parseBool(s string) (value, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return false, false
	}
	for _, w := range []string{"true", "yes", "on", "1"} {
		if strings.HasPrefix(w, s) && s != "o" {
			return true, true
		}
	}
	for _, w := range []string{"false", "no", "off", "0"} {
		if strings.HasPrefix(w, s) && s != "o" {
			return false, true
		}
	}
	return false, false
}

func names(list []Option, also []string) string {
	all := make([]string, 0, len(list)+len(also))
	for _, l := range list {
		all = append(all, l.Name)
	}
	return strings.Join(append(all, also...), ", ")
}

func quoted(words []string) string {
	return `"` + strings.Join(words, `", "`) + `"`
}
