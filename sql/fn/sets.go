package fn

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
	"github.com/streamdb/streamdb/sql/types/decimal"
)

// setFuncs return sets of rows.
var setFuncs = []*Func{
	{Name: "generate_series", Args: args(int4T, int4T, int4T), Optional: 1, Ret: int4T, Set: true, Doc: "The integers from one to another, by a step of 1 or as given.",
		Example: "generate_series(2, 4) → 2", Table: intSeries(width4)},
	{Name: "generate_series", Args: args(int8T, int8T, int8T), Optional: 1, Ret: int8T, Set: true, Doc: "The integers from one to another, by a step of 1 or as given.",
		Example: "generate_series(2::int8, 4) → 2", Table: intSeries(width8)},
	{Name: "generate_series", Args: args(numericT, numericT, numericT), Optional: 1, Ret: numericT, Set: true, Doc: "The numbers from one to another, by a step of 1 or as given.",
		Example: "generate_series(1.1, 4, 1.3) → 1.1", Table: numericSeries},
	{Name: "generate_series", Args: args(timestampT, timestampT, intervalT), Ret: timestampT, Set: true, Doc: "The timestamps from one to another by an interval.",
		Example: "generate_series(timestamp '2008-03-01', '2008-03-02', '12 hours') → 2008-03-01 00:00:00", Table: timeSeries(func(_ *Ctx, t int64, i types.Wide) (int64, error) { return addInterval(t, i) })},
	{Name: "generate_series", Args: args(timestamptzT, timestamptzT, intervalT), Ret: timestamptzT, Set: true, Vol: Stable, Doc: "The timestamps from one to another by an interval.",
		Example: "generate_series(timestamptz '2008-03-01Z', '2008-03-02Z', '12 hours') → 2008-03-01 00:00:00+00", Table: timeSeries(addIntervalZoned)},
	{Name: "unnest", Args: arrayOne, Ret: anyElement, Set: true, Doc: "The elements of the array, a row each.", Example: "unnest(ARRAY[1,2]) → 1"},
	{Name: "generate_subscripts", Args: args(anyArray, int4T, boolT), Optional: 1, Ret: int4T, Set: true, Doc: "The subscripts of a dimension, in reverse if asked.",
		Example: "generate_subscripts(ARRAY[5,6], 1) → 1", Table: generateSubscripts},
}

func zeroStep() error {
	return sqlerr.New(sqlerr.InvalidParameterValue, "step size cannot equal zero")
}

func intSeries(w intWidth) func(*Ctx, []types.Datum, func([]types.Datum) error) error {
	return func(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
		x, stop, step := a[0].I, a[1].I, int64(1)
		if len(a) > 2 {
			step = a[2].I
		}
		if step == 0 {
			return zeroStep()
		}
		for step > 0 && x <= stop || step < 0 && x >= stop {
			if err := emit([]types.Datum{types.NewInt(x)}); err != nil {
				return err
			}
			next := x + step
			if (x^next)&(step^next) < 0 || !w.fits(next) {
				return nil // the last value that there is
			}
			x = next
		}
		return nil
	}
}

func numericSeries(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
	x, stop, step := decimal.Must(a[0].B), decimal.Must(a[1].B), decimal.FromInt(1)
	if len(a) > 2 {
		step = decimal.Must(a[2].B)
	}
	for _, bound := range []struct {
		d    decimal.Decimal
		what string
	}{{x, "start value"}, {stop, "stop value"}, {step, "step size"}} {
		if bound.d.IsNaN() {
			return sqlerr.New(sqlerr.InvalidParameterValue, "%s cannot be NaN", bound.what)
		}
		if bound.d.IsInf() {
			return sqlerr.New(sqlerr.InvalidParameterValue, "%s cannot be infinity", bound.what)
		}
	}
	sign := step.Sign()
	if sign == 0 {
		return zeroStep()
	}
	for x.Cmp(stop)*sign <= 0 {
		if err := emit([]types.Datum{decimalDatum(x)}); err != nil {
			return err
		}
		var err error
		if x, err = x.Add(step); err != nil {
			return err
		}
	}
	return nil
}

func timeSeries(add func(*Ctx, int64, types.Wide) (int64, error)) func(*Ctx, []types.Datum, func([]types.Datum) error) error {
	return func(c *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
		x, stop, step := a[0].I, a[1].I, a[2].W
		sign := types.CompareIntervals(step, types.Wide{})
		if sign == 0 {
			return zeroStep()
		}
		for sign > 0 && x <= stop || sign < 0 && x >= stop {
			if err := emit([]types.Datum{types.NewInt(x)}); err != nil {
				return err
			}
			var err error
			if x, err = add(c, x, step); err != nil {
				return err
			}
			if !datetime.IsFinite(x) {
				return nil
			}
		}
		return nil
	}
}

// unnest makes the rows of unnest over an array with elements of type elem. It stands apart because Table is not told the
// arguments' types: whoever runs a set-returning function asks TableOf.
func unnest(elem types.Type) func(*Ctx, []types.Datum, func([]types.Datum) error) error {
	return func(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
		arr, err := types.DecodeArray(elem, a[0].B)
		return emitAll(arr.Elems, emit, err)
	}
}

// TableOf is f's Table for arguments of these types, with its null rule applied: a strict function of a null argument
// returns no rows.
func TableOf(f *Func, args []types.Type) func(c *Ctx, args []types.Datum, emit func(row []types.Datum) error) error {
	table := f.Table
	switch f.Name {
	case "unnest":
		table = unnest(elemType(args[0]))
	case "_pg_expandarray":
		table = expandArray(elemType(args[0]))
	}
	if f.Nulls == CalledOnNull {
		return table
	}
	return func(c *Ctx, args []types.Datum, emit func(row []types.Datum) error) error {
		for _, a := range args {
			if a.Null {
				return nil
			}
		}
		return table(c, args, emit)
	}
}

func generateSubscripts(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
	dims := types.ArrayDims(a[0].B)
	if a[1].I < 1 || int(a[1].I) > len(dims) {
		return nil
	}
	d := dims[a[1].I-1]
	for k := range d.Len {
		at := d.Lower + k
		if len(a) > 2 && a[2].Bool() {
			at = d.Lower + d.Len - 1 - k
		}
		if err := emit([]types.Datum{types.NewInt(int64(at))}); err != nil {
			return err
		}
	}
	return nil
}
