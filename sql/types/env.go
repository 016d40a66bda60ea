package types

import (
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

// Names turns names of catalog objects into OIDs and back, for the reg* types.
type Names interface {
	// OIDOf is the OID of the object that name means to a reg* type; an error if there is none.
	OIDOf(t ID, name string) (uint32, error)
	// NameOf is how the object is printed; not ok prints the number.
	NameOf(t ID, oid uint32) (string, bool)
}

// Env is what the text of a value can depend on beside its type. A nil Env is UTC, without a clock and without a catalog:
// then the text "now" is refused, so that a value never depends on when it is read. It is not safe for concurrent use.
type Env struct {
	// Now is the start of the transaction in microseconds since 1970, or 0 when there is no clock.
	Now int64
	// Zone is the session's time zone; nil is UTC.
	Zone *time.Location
	// Names is the catalog; without it reg* values are numbers (regtype knows the built-in types).
	Names Names
	// Relative is set when a value read depends on Now ("today"): such a text is no constant, and is refused in a view.
	Relative bool
}

// Location is the session's time zone.
func (e *Env) Location() *time.Location {
	if e == nil || e.Zone == nil {
		return time.UTC
	}
	return e.Zone
}

// TextDepends says what of an Env the text of a type's values depends on: the time zone, or the catalog's names.
func (t Type) TextDepends() (zone, names bool) {
	switch t.ID {
	case Timestamptz:
		return true, false
	case Regclass, Regtype, Regproc, Regprocedure, Regoper, Regnamespace, Regrole:
		return false, true
	case Record: // whatever its fields are
		return true, true
	}
	return false, false
}

// clock is the now that a date or time text may refer to.
func (e *Env) clock() datetime.Clock {
	c := datetime.Clock{Zone: e.Location()}
	if e != nil && e.Now != 0 {
		c.Now = func() int64 {
			e.Relative = true
			return e.Now
		}
	}
	return c
}

// ParseText reads a value of type t (its modifier applied) from the text form, in UTC and without a clock. Errors are
// PostgreSQL's. The value does not share s.
func ParseText(t Type, s []byte) (Datum, error) { return (*Env)(nil).ParseText(t, s) }

// AppendText adds the text form of a value that is not null to dst, timestamps with time zone in UTC.
func AppendText(dst []byte, t Type, d Datum) []byte { return (*Env)(nil).AppendText(dst, t, d) }

// String is the text form of a value, and NULL.
func String(t Type, d Datum) string {
	if d.Null {
		return "NULL"
	}
	return string(AppendText(nil, t, d))
}

// invalidSyntax is 22P02 as every input function words it.
func invalidSyntax(typeName string, s []byte) error {
	return sqlerr.New(sqlerr.InvalidTextRepresentation, `invalid input syntax for type %s: "%s"`, typeName, s)
}

// outOfRange is 22003 as the integer input functions word it.
func outOfRange(typeName string, s []byte) error {
	return sqlerr.New(sqlerr.NumericValueOutOfRange, `value "%s" is out of range for type %s`, s, typeName)
}
