package settings

import (
	"slices"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Kind is pg_settings.vartype.
type Kind string

// The kinds of setting.
const (
	Bool   Kind = "bool"
	Int    Kind = "integer"
	Real   Kind = "real"
	String Kind = "string"
	Enum   Kind = "enum"
)

// Context is pg_settings.context: who may change a setting.
type Context string

// User and Superuser settings can be changed by SET, as the one role is a superuser. Internal ones cannot be changed at all, Start
// ones only when the server starts, Backend ones when a session does, Sighup ones by the server's configuration.
const (
	User             Context = "user"
	Superuser        Context = "superuser"
	Internal         Context = "internal"
	Start            Context = "postmaster"
	Sighup           Context = "sighup"
	Backend          Context = "backend"
	SuperuserBackend Context = "superuser-backend"
)

// fixed is why a setting of a context cannot be changed by SET.
var fixed = map[Context]string{
	Internal:         "parameter %q cannot be changed",
	Start:            "parameter %q cannot be changed without restarting the server",
	Sighup:           "parameter %q cannot be changed now",
	Backend:          "parameter %q cannot be set after connection start",
	SuperuserBackend: "parameter %q cannot be set after connection start",
}

// Setting describes a setting.
type Setting struct {
	Name    string
	Kind    Kind
	Default string
	// Unit is that of a number: "ms", "s", "min", "B", "kB", "8kB", "MB"; "" for none.
	Unit     string
	Min, Max float64
	// Values are an enum's.
	Values  []string
	Context Context
	// Report says that clients are told of changes (ParameterStatus).
	Report bool
	// Category and Doc are pg_settings' category and short_desc.
	Category, Doc string
	// Canonical, if set, checks a value further and gives its canonical form.
	Canonical func(value string) (string, error)
	initial   string // Default as SHOW gives it
}

// Find finds a setting by name, whatever its case.
func Find(name string) (*Setting, bool) {
	s, ok := byName[name]
	if !ok {
		s, ok = byName[strings.ToLower(name)]
	}
	return s, ok
}

// All are the settings by name.
func All() []*Setting { return sorted }

var sorted = sortByName(List)

// byName has each setting under its name and under its name in lower case.
var byName = indexByName(sorted)

func indexByName(list []*Setting) map[string]*Setting {
	out := make(map[string]*Setting, 2*len(list))
	for _, s := range list {
		out[s.Name], out[strings.ToLower(s.Name)] = s, s
	}
	return out
}

func sortByName(list []Setting) []*Setting {
	out := make([]*Setting, len(list))
	for i := range list {
		out[i] = &list[i]
		out[i].initial = out[i].shown(out[i].Default)
	}
	slices.SortFunc(out, func(a, b *Setting) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return out
}

// Unknown is the error for a name that is no setting.
func Unknown(name string) error {
	return sqlerr.New(sqlerr.UndefinedObject, "unrecognized configuration parameter %q", name)
}

// Check gives the canonical form of a value, or the error that it is none.
func (s *Setting) Check(value string) (string, error) {
	if err := s.Changeable(); err != nil {
		return "", err
	}
	return s.check(value)
}

// Changeable is the error that the setting cannot be changed by SET, or nil.
func (s *Setting) Changeable() error {
	if why, ok := fixed[s.Context]; ok {
		return sqlerr.New(sqlerr.CantChangeRuntimeParam, why, s.Name)
	}
	return nil
}

// CheckInitial is Check for a value that a client gives when its session starts.
func (s *Setting) CheckInitial(value string) (string, error) {
	if s.Context == Backend || s.Context == SuperuserBackend {
		return s.check(value)
	}
	return s.Check(value)
}

func (s *Setting) check(value string) (string, error) {
	canonical, err := s.canonical(strings.TrimSpace(value))
	if err != nil || s.Canonical == nil {
		return canonical, err
	}
	return s.Canonical(canonical)
}

func (s *Setting) canonical(value string) (string, error) {
	switch s.Kind {
	case Bool:
		b, ok := ParseBool(value)
		if !ok {
			return "", sqlerr.New(sqlerr.InvalidParameterValue, "parameter %q requires a Boolean value", s.Name)
		}
		return map[bool]string{true: "on", false: "off"}[b], nil
	case Enum:
		lower := strings.ToLower(value)
		if !slices.Contains(s.Values, lower) {
			return "", s.invalid(value).WithHint("Available values: %s.", strings.Join(s.Values, ", "))
		}
		return lower, nil
	case Int, Real:
		n, err := s.number(value)
		if err != nil {
			return "", err
		}
		return s.format(n), nil
	}
	return value, nil
}

func (s *Setting) invalid(value string) *sqlerr.Error {
	return sqlerr.New(sqlerr.InvalidParameterValue, "invalid value for parameter %q: %q", s.Name, value)
}

// ParseBool reads a boolean as PostgreSQL does: any unique prefix of true, false, yes, no; on, off; 1, 0.
func ParseBool(s string) (value, ok bool) {
	s = strings.ToLower(s)
	if s == "" {
		return false, false
	}
	switch {
	case strings.HasPrefix("true", s), strings.HasPrefix("yes", s), s == "on", s == "1":
		return true, true
	case strings.HasPrefix("false", s), strings.HasPrefix("no", s), s == "off", s == "of", s == "0":
		return false, true
	}
	return false, false
}

// number reads a number with an optional unit, in the setting's unit, and checks its bounds.
func (s *Setting) number(value string) (float64, error) {
	digits := strings.TrimRightFunc(value, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' })
	unit := value[len(digits):]
	if hex := strings.HasPrefix(strings.ToLower(value), "0x"); hex {
		digits, unit = value, ""
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if err != nil {
		i, ierr := strconv.ParseInt(digits, 0, 64)
		if ierr != nil {
			return 0, s.invalid(value)
		}
		n = float64(i)
	}
	if unit != "" {
		factor, ok := convert(unit, s.Unit)
		if !ok {
			return 0, s.invalid(value).WithHint("Valid units for this parameter are %s.", validUnits(s.Unit))
		}
		n *= factor
	}
	if s.Kind == Int {
		n = float64(int64(n + 0.5*sign(n)))
	}
	if n < s.Min || n > s.Max {
		return 0, sqlerr.New(sqlerr.InvalidParameterValue, "%s is outside the valid range for parameter %q (%s .. %s)",
			strings.TrimSpace(trim(n)+" "+s.Unit), s.Name, trim(s.Min), trim(s.Max))
	}
	return n, nil
}

func sign(n float64) float64 {
	if n < 0 {
		return -1
	}
	return 1
}

func trim(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
