package fn

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// CastVolatility is Stable where a cast's result depends on the session's time zone or its catalog, else Immutable.
func CastVolatility(from, to types.Type) Volatility {
	zoned := func(t types.Type) bool { return t.ID == types.Timestamptz }
	zoneless := func(t types.Type) bool {
		switch t.ID {
		case types.Date, types.Time, types.Timestamp, types.Text, types.Varchar, types.BPChar, types.Unknown:
			return true
		}
		return false
	}
	if zoned(from) && zoneless(to) || zoneless(from) && zoned(to) {
		return Stable
	}
	if isReg(from.ID) || isReg(to.ID) {
		return Stable
	}
	return Immutable
}

// isReg reports whether values of the type are names in the catalog.
func isReg(id types.ID) bool { return id >= types.Regclass && id <= types.Regrole }

// CastFunc is the function that casts between two types, or nil where the representation is the same. explicit is whether
// the user wrote the cast, which then may truncate. A cast that does not exist is 42846.
func CastFunc(from, to types.Type, explicit bool) (*Func, error) {
	return nil, sqlerr.New(sqlerr.CannotCoerce, "cannot cast type %v to %v", from, to)
}
