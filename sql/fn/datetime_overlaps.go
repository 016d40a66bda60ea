package fn

import "github.com/streamdb/streamdb/sql/types"

// overlapsFuncs are what (a, b) OVERLAPS (c, d) calls. An end may be given as a length.
var overlapsFuncs = concat(
	overlapsOf(timeT, func(_ *Ctx, t int64, i types.Wide) (int64, error) { return timeAddInterval(t, i), nil }),
	overlapsOf(timestampT, func(_ *Ctx, t int64, i types.Wide) (int64, error) { return addInterval(t, i) }),
	overlapsOf(timestamptzT, addIntervalZoned))

func overlapsOf(t types.Type, add func(*Ctx, int64, types.Wide) (int64, error)) []*Func {
	var fs []*Func
	vol := Immutable
	if t == timestamptzT {
		vol = Stable
	}
	for _, ends := range [][2]types.Type{{t, t}, {t, intervalT}, {intervalT, t}, {intervalT, intervalT}} {
		fs = append(fs, &Func{Name: "overlaps", Args: args(t, ends[0], t, ends[1]), Ret: boolT, Nulls: CalledOnNull, Vol: vol, Doc: "Whether two periods, start included and end not, have a moment in common.",
			Example: "(date '2001-02-16', date '2001-12-21') OVERLAPS (date '2001-10-30', date '2002-10-30') → true",
			Kernel: rowwise(func(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
				for k := 1; k < 4; k += 2 {
					if ts[k].ID != types.Interval || a[k].Null || a[k-1].Null {
						if ts[k].ID == types.Interval {
							a[k] = types.Null // a length from nowhere
						}
						continue
					}
					end, err := add(c, a[k-1].I, a[k].W)
					if err != nil {
						return types.Null, err
					}
					a[k] = types.NewInt(end)
				}
				return overlaps(a[0], a[1], a[2], a[3]), nil
			})})
	}
	return fs
}

// overlaps is SQL92's predicate, three-valued: a period with a null end has one moment that is known.
func overlaps(s1, e1, s2, e2 types.Datum) types.Datum {
	s1, e1, ok1 := period(s1, e1)
	s2, e2, ok2 := period(s2, e2)
	switch {
	case !ok1 || !ok2:
		return types.Null
	case s1.I == s2.I:
		// The starts themselves are common, unless an end is unknown.
		if e1.Null || e2.Null {
			return types.Null
		}
		return types.NewBool(true)
	case s1.I < s2.I:
		s1, e1, s2, e2 = s2, e2, s1, e1
	}
	// Now the second period starts first, and s1 lies in it if before its end.
	switch {
	case e2.Null:
		return types.Null
	case s1.I < e2.I:
		return types.NewBool(true)
	case e1.Null:
		return types.Null
	}
	return types.NewBool(false)
}

// period puts the earlier of two moments first; not ok if both are null.
func period(s, e types.Datum) (types.Datum, types.Datum, bool) {
	switch {
	case s.Null && e.Null:
		return s, e, false
	case s.Null, !e.Null && s.I > e.I:
		return e, s, true
	}
	return s, e, true
}
