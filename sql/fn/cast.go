package fn

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// CastVolatility is Stable where a cast's result depends on the session's time zone, clock or catalog, else Immutable.
func CastVolatility(from, to types.Type) Volatility {
	zoned := func(t types.Type) bool { return t.ID == types.Timestamptz }
	switch {
	case zoned(from) && (zoneless(to) || isText(to)), zoneless(from) && zoned(to):
		return Stable
	case isText(from) && (zoned(to) || zoneless(to)): // 'now', 'today'
		return Stable
	case isReg(from.ID) && isText(to), isText(from) && isReg(to.ID):
		return Stable
	}
	return Immutable
}

func zoneless(t types.Type) bool {
	switch t.ID {
	case types.Date, types.Time, types.Timestamp:
		return true
	}
	return false
}

// isReg reports whether values of the type are names in the catalog.
func isReg(id types.ID) bool { return id >= types.Regclass && id <= types.Regrole }

// isText reports whether values are strings, whatever their length rules.
func isText(t types.Type) bool {
	switch t.ID {
	case types.Unknown, types.Text, types.Varchar, types.BPChar, types.Name, types.Char, types.CString:
		return !t.Array
	}
	return false
}

// CastFunc is the function that casts between two types, or nil where the representation is the same. explicit is whether
// the user wrote the cast, which then may truncate. A cast that does not exist is 42846. (Which casts happen by themselves
// is types.FindCast's and the binder's affair.)
func CastFunc(from, to types.Type, explicit bool) (*Func, error) {
	if types.Relabels(from, to) {
		return nil, nil
	}
	if _, ok := types.FindCast(from, to); !ok {
		return nil, sqlerr.New(sqlerr.CannotCoerce, "cannot cast type %v to %v", from.Plain(), to.Plain())
	}
	k := fastCast(from, to)
	if k == nil {
		k = rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			return c.values().Cast(from, to, explicit, a[0])
		})
	}
	return &Func{Name: "cast", Args: []types.Type{from}, Ret: to, Vol: CastVolatility(from, to), Kernel: k}, nil
}

// fastCast is the kernel of a cast that is common enough to go without a Datum; nil for the others.
func fastCast(from, to types.Type) Kernel {
	if from.Array || to.Array {
		return nil
	}
	switch {
	case to.ID == types.Numeric:
		return castToNumeric(from, to)
	case isInt(from):
		return castInt(from, to)
	case from.ID == types.Text && to.Mod == 0, from.ID == types.Varchar && to.Mod == 0:
		return castFromText(to)
	case from.ID == types.Date && to.ID == types.Timestamp && to.Mod == 0:
		return map1(fallible(dateToTimestamp))
	case from.ID == types.Timestamp && to.ID == types.Date:
		return map1(func(_ *Ctx, ts int64) (int32, error) { return types.TimestampToDate(ts), nil })
	}
	return nil
}
