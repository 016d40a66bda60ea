package bind

import "github.com/streamdb/streamdb/sql/types"

// castPair is a row of pg_cast.
type castPair struct{ from, to types.ID }

// casts is pg_cast: the least context that each conversion needs.
var casts = func() map[castPair]castContext {
	m := map[castPair]castContext{}
	add := func(c castContext, from types.ID, to ...types.ID) {
		for _, t := range to {
			m[castPair{from, t}] = c
		}
	}
	const i, a, e = implicitCast, assignmentCast, explicitCast
	addNumbers(add)
	for _, s := range []types.ID{types.Text, types.Varchar, types.BPChar} {
		add(i, s, types.Text, types.Varchar, types.BPChar, types.Name, types.Regclass)
		add(a, s, types.Char)
	}
	delete(m, castPair{types.BPChar, types.Regclass})
	add(i, types.Name, types.Text)
	add(a, types.Name, types.Varchar, types.BPChar)
	add(i, types.Char, types.Text)
	add(a, types.Char, types.Varchar, types.BPChar)
	add(e, types.Char, types.Int4)
	add(e, types.Int4, types.Char)
	add(e, types.Bool, types.Int4)
	add(e, types.Int4, types.Bool)
	add(a, types.Bool, types.Text, types.Varchar, types.BPChar)
	add(i, types.Date, types.Timestamp, types.Timestamptz)
	add(i, types.Timestamp, types.Timestamptz)
	add(a, types.Timestamp, types.Date, types.Time)
	add(a, types.Timestamptz, types.Date, types.Time, types.Timestamp)
	add(i, types.Time, types.Interval)
	add(a, types.Interval, types.Time)
	add(a, types.JSON, types.JSONB)
	add(a, types.JSONB, types.JSON)
	add(e, types.JSONB, types.Bool, types.Numeric, types.Int2, types.Int4, types.Int8, types.Float4, types.Float8)
	add(i, types.PGNodeTree, types.Text)
	return m
}()

// addNumbers adds the casts among numbers and OIDs: up implicitly, down by assignment.
func addNumbers(add func(castContext, types.ID, ...types.ID)) {
	numbers := []types.ID{types.Int2, types.Int4, types.Int8, types.Numeric, types.Float4, types.Float8}
	for k, n := range numbers {
		add(implicitCast, n, numbers[k+1:]...)
		add(assignmentCast, n, numbers[:k]...)
	}
	regs := []types.ID{types.Regclass, types.Regtype, types.Regproc, types.Regprocedure, types.Regoper, types.Regnamespace, types.Regrole}
	for _, n := range []types.ID{types.Int2, types.Int4, types.Int8} {
		add(implicitCast, n, types.OID)
		add(implicitCast, n, regs...)
	}
	add(assignmentCast, types.OID, types.Int4, types.Int8)
	add(implicitCast, types.OID, regs...)
	for _, r := range regs {
		add(implicitCast, r, types.OID)
		add(assignmentCast, r, types.Int4, types.Int8)
	}
	add(implicitCast, types.Regproc, types.Regprocedure)
	add(implicitCast, types.Regprocedure, types.Regproc)
}

// castBetween is the least context that converts between two types that are not the same; not ok if none does. Any type
// becomes a string by assignment, and a string any type explicitly (PostgreSQL's I/O conversion casts).
func castBetween(from, to types.Type) (castContext, bool) {
	if !from.Array && !to.Array {
		if c, ok := casts[castPair{from.ID, to.ID}]; ok {
			return c, true
		}
	}
	vector := func(t types.Type) bool { return t.ID == types.OIDVector || t.ID == types.Int2Vector }
	if vector(from) && to.Array && (to.ID == types.OID || to.ID == types.Int2) {
		return implicitCast, true
	}
	if category(to) == 'S' && to.ID != types.Name {
		return assignmentCast, true
	}
	pseudo := types.Table[to.ID].Pseudo
	if category(from) == 'S' && !pseudo {
		return explicitCast, true
	}
	return 0, false
}
