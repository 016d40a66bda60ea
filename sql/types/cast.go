package types

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// CastContext is what asks for a conversion; each context allows what those before it do.
type CastContext uint8

// The contexts, as pg_cast.castcontext: i, a, e.
const (
	CastImplicit   CastContext = iota // anywhere in an expression
	CastAssignment                    // to a column's type
	CastExplicit                      // CAST and ::
)

// CastMethod is how a conversion is done, as pg_cast.castmethod.
type CastMethod uint8

// The methods.
const (
	CastBinary   CastMethod = iota // the representation is the same
	CastFunction                   // by Func
	CastInOut                      // by the text form
	CastElements                   // an array, element by element
)

// CastFunc converts a value that is not null. from and to have their modifiers, as they decide how a numeric is
// represented; to's other limits (length, precision) are applied afterwards.
type CastFunc func(e *Env, from, to Type, d Datum) (Datum, error)

// Cast is a row of pg_cast.
type Cast struct {
	From, To ID
	Context  CastContext
	Method   CastMethod
	Func     CastFunc // of CastFunction
}

// casts indexes Casts.
var casts = func() map[[2]ID]*Cast {
	m := make(map[[2]ID]*Cast, len(Casts))
	for i := range Casts {
		m[[2]ID{Casts[i].From, Casts[i].To}] = &Casts[i]
	}
	return m
}()

// FindCast is how a value of type from becomes one of type to, whatever their modifiers, and the least context that allows
// it: a row of Casts, an array by its elements, a type to itself (binary), or by the text form: to a string type on
// assignment, from one explicitly. Not ok when there is no way.
func FindCast(from, to Type) (c Cast, ok bool) {
	same := Cast{From: from.ID, To: to.ID, Context: CastImplicit, Method: CastBinary}
	if from.Same(to) || from.ID == Unknown && !from.Array {
		if !from.Same(to) {
			same.Method = CastInOut
		}
		return same, true
	}
	from = arrayOfVector(from, to)
	if from.Array && to.Array {
		if c, ok = FindCast(from.Elem(), to.Elem()); ok {
			if c.Method != CastBinary {
				c.Method = CastElements
			}
			return c, true
		}
		return Cast{}, false
	}
	if !from.Array && !to.Array {
		if c, ok := casts[[2]ID{from.ID, to.ID}]; ok {
			return *c, true
		}
	}
	same.Method = CastInOut
	switch {
	case Table[from.ID].Pseudo && from.ID != Record && from.ID != CString, Table[to.ID].Pseudo && to.ID != CString:
		return Cast{}, false
	case to.Category() == 'S':
		same.Context = CastAssignment
		return same, true
	case from.Category() == 'S':
		same.Context = CastExplicit
		return same, true
	}
	return Cast{}, false
}

// arrayOfVector reads an int2vector or oidvector as the array that it is, where an array is wanted.
func arrayOfVector(from, to Type) Type {
	if to.Array && !from.Array && (from.ID == Int2Vector || from.ID == OIDVector) {
		return ArrayOf(vectorElem(from.ID))
	}
	return from
}

// Relabels reports whether every value of type from is one of type to as it lies in memory: a cast has nothing to do.
func Relabels(from, to Type) bool {
	from = arrayOfVector(from, to)
	if from.Array && to.Array {
		return Relabels(from.Elem(), to.Elem())
	}
	c, ok := FindCast(from, to)
	if !ok || c.Method != CastBinary || from.Kind() != to.Kind() {
		return false
	}
	if from == to {
		return true
	}
	// A scaled numeric's digits mean nothing without its scale, which a plain numeric does not tell.
	_, scaled := from.Scaled()
	return to.Mod == 0 && !scaled
}

// Cast converts a value that is not null from one type to another, the modifier of the target applied. explicit says that
// the user wrote the cast, which then cuts a text that is too long. Errors are PostgreSQL's; 42846 when there is no cast.
func (e *Env) Cast(from, to Type, explicit bool, d Datum) (Datum, error) {
	if Relabels(from, to) {
		return d, nil
	}
	c, ok := FindCast(from, to)
	if !ok {
		return Datum{}, sqlerr.New(sqlerr.CannotCoerce, "cannot cast type %s to %s", from.Plain(), to.Plain())
	}
	d, err := e.convert(c, arrayOfVector(from, to), to, explicit, d)
	if err != nil || to.Array {
		return d, err
	}
	return Fit(to, d, explicit)
}

func (e *Env) convert(c Cast, from, to Type, explicit bool, d Datum) (Datum, error) {
	switch {
	case from.ID == Numeric && to.ID == Numeric && !to.Array:
		return NumericDatum(to, NumericOf(from, d))
	case from.Array && to.Array:
		return e.castElements(from.Elem(), to.Elem(), explicit, d)
	case c.Method == CastFunction:
		return c.Func(e, from, to, d)
	case c.Method == CastInOut:
		want := to.Plain() // the modifier is applied after, as the cast's context says
		if to.ID == Numeric || to.ID == Interval && from.ID == Unknown {
			want = to
		}
		return e.ParseText(want, e.AppendText(nil, from, d))
	case (c.From == Int4) != (c.To == Int4) && c.From != Unknown:
		return castOIDInt(to, d), nil
	}
	return d, nil
}

func (e *Env) castElements(from, to Type, explicit bool, d Datum) (Datum, error) {
	a, err := DecodeArray(from, d.B)
	if err != nil {
		return Datum{}, err
	}
	for i, x := range a.Elems {
		if !x.Null {
			if a.Elems[i], err = e.Cast(from, to, explicit, x); err != nil {
				return Datum{}, err
			}
		}
	}
	return ArrayDatum(to, a), nil
}

// Fit applies the modifier of t to a value of its plain type: length, precision, fields. A scaled numeric is fit already.
func Fit(t Type, d Datum, explicit bool) (Datum, error) {
	if t.Mod == 0 || d.Null || t.Array {
		return d, nil
	}
	var err error
	switch t.ID {
	case Varchar:
		d.B, err = FitVarchar(t, d.B, explicit)
	case BPChar:
		d.B, err = FitBPChar(t, d.B, explicit)
	case Time, Timestamp, Timestamptz, Interval:
		return FitDatetime(t, d)
	}
	return d, err
}
