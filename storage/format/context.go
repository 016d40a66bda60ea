package format

import "github.com/streamdb/streamdb/sql/sqlerr"

// Within is a copy of err with a context line below those that it has: errors of codecs may be shared.
func Within(err error, where string) error {
	e := *sqlerr.From(err)
	if e.Where != "" {
		where = e.Where + "\n" + where
	}
	e.Where = where
	return &e
}
