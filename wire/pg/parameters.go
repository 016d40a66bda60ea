package pg

import (
	"strings"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

type setting = engine.Setting

const (
	// newestMinor is the newest protocol 3 that we speak; there was never a 3.1.
	newestMinor = 2
	// maxName is PostgreSQL's NAMEDATALEN - 1: longer names of users and databases are cut.
	maxName        = 63
	protocolOption = "_pq_."
)

// parameter takes one pair of the start-up packet.
func (p *startupPacket) parameter(name, value string) error {
	for _, text := range []string{name, value} {
		if !utf8.ValidString(text) {
			return fatal(checkUTF8([]byte(text)))
		}
	}
	switch {
	case name == "user":
		p.user = clip(value)
	case name == "database":
		p.database = clip(value)
	case name == "options":
		settings, err := parseOptions(value)
		p.settings = append(p.settings, settings...)
		return err
	case name == "replication":
		return refuseReplication(value)
	case strings.HasPrefix(name, protocolOption):
		p.unknown = append(p.unknown, name)
	default:
		p.settings = append(p.settings, setting{Name: name, Value: value})
	}
	return nil
}

// complete checks and settles what all parameters together say.
func (p *startupPacket) complete() error {
	if p.user == "" {
		return fatal(sqlerr.New(sqlerr.InvalidAuthorization, "no PostgreSQL user name specified in startup packet"))
	}
	if p.database == "" {
		p.database = p.user
	}
	p.negotiate = p.minor > newestMinor || len(p.unknown) > 0
	p.minor = min(p.minor, newestMinor)
	return nil
}

// clip cuts a name to PostgreSQL's length, between characters.
func clip(s string) string {
	if len(s) <= maxName {
		return s
	}
	n := maxName
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func refuseReplication(value string) error {
	switch strings.ToLower(value) {
	case "", "0", "off", "false", "no", "f", "n":
		return nil
	}
	return fatal(sqlerr.Unsupported("the replication protocol", "Use SUBSCRIBE to follow a view, or a sink."))
}

// parseOptions takes the start-up packet's `options` apart, which are arguments as for the postgres command: -c name=value,
// -cname=value and --name=value. A blank separates arguments, a backslash takes the next character as it is.
func parseOptions(s string) ([]setting, error) {
	var settings []setting
	args := splitOptions(s)
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "-c" && i+1 < len(args):
			i++
			arg = args[i]
		case strings.HasPrefix(arg, "-c") && len(arg) > 2:
			arg = arg[2:]
		case strings.HasPrefix(arg, "--") && len(arg) > 2:
			arg = arg[2:]
		default:
			return nil, badOption("invalid command-line argument for server process: %s", args[i])
		}
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" {
			return nil, badOption("-c %s requires a value", arg)
		}
		// As in PostgreSQL, the name's dashes stand for underscores.
		settings = append(settings, setting{Name: strings.ReplaceAll(name, "-", "_"), Value: value})
	}
	return settings, nil
}

func badOption(format string, args ...any) error {
	return fatal(sqlerr.New(sqlerr.SyntaxError, format, args...)).WithHint("The options parameter takes -c name=value and --name=value.")
}

// splitOptions is PostgreSQL's pg_split_opts.
func splitOptions(s string) []string {
	var args []string
	for {
		s = strings.TrimLeft(s, " \t\n\v\f\r")
		if s == "" {
			return args
		}
		var arg strings.Builder
		i := 0
		for ; i < len(s) && !strings.ContainsRune(" \t\n\v\f\r", rune(s[i])); i++ {
			if s[i] == '\\' && i+1 < len(s) {
				i++
			}
			arg.WriteByte(s[i])
		}
		args = append(args, arg.String())
		s = s[i:]
	}
}
