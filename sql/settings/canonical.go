package settings

import (
	"strings"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// clientEncoding accepts the names of UTF-8, and SQL_ASCII, under which bytes pass as they are. Only letters and digits of a name
// count, as in PostgreSQL (clean_encoding_name): asyncpg sends its quotes along.
func clientEncoding(v string) (string, error) {
	letters := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}
	switch strings.Map(letters, strings.ToLower(v)) {
	case "utf8", "unicode":
		return "UTF8", nil
	case "sqlascii":
		return "SQL_ASCII", nil
	}
	return "", sqlerr.New(sqlerr.InvalidParameterValue, "invalid value for parameter %q: %q", "client_encoding", v).
		WithHint("StreamDB speaks UTF8.")
}

// dateStyle accepts ISO with any order of day and month; the order decides how ambiguous dates are read.
func dateStyle(v string) (string, error) {
	order := "MDY"
	for _, part := range strings.Split(v, ",") {
		switch p := strings.ToUpper(strings.TrimSpace(part)); p {
		case "ISO", "DEFAULT":
		case "MDY", "DMY", "YMD":
			order = p
		case "US", "NONEURO", "NONEUROPEAN":
			order = "MDY"
		case "EURO", "EUROPEAN":
			order = "DMY"
		case "SQL", "POSTGRES", "GERMAN":
			return "", sqlerr.Unsupported("DateStyle "+p, "Use ISO.")
		default:
			return "", sqlerr.New(sqlerr.InvalidParameterValue, "invalid value for parameter %q: %q", "DateStyle", v)
		}
	}
	return "ISO, " + order, nil
}
