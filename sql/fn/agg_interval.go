package fn

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// intervalSums keep months, days, microseconds and the count apart.
var intervalSums = []*Aggregate{
	{Name: "sum", Args: args(intervalT), Ret: intervalT, Doc: "Sum.", Example: "sum(x) → 03:00:00", State: ints(4), Step: stepInterval, Retractable: true, Merge: addColumns,
		Finish: finishInterval(func(w types.Wide, _ int64) (types.Wide, error) { return w, nil })},
	{Name: "avg", Args: args(intervalT), Ret: intervalT, Doc: "Arithmetic mean.", Example: "avg(x) → 01:30:00", State: ints(4), Step: stepInterval, Retractable: true,
		Merge: addColumns, Finish: finishInterval(func(w types.Wide, n int64) (types.Wide, error) { return divInterval(w, float64(n)) })},
}

func stepInterval(_ *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	a := column[types.Wide](args[0], sel)
	for _, i := range sel {
		months, days, us := a.at(i).Interval()
		g, w := groups[i], weightOf(weights, i)
		state[0].I64[g] += int64(months) * w
		state[1].I64[g] += int64(days) * w
		state[2].I64[g] += us * w
		state[3].I64[g] += w
	}
}

func finishInterval(result func(types.Wide, int64) (types.Wide, error)) func(*Ctx, []*vec.Vector, int, *vec.Vector) {
	return func(c *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
		for g := range n {
			count := state[3].I64[g]
			if count == 0 {
				out.SetNull(g)
				continue
			}
			w, err := packInterval(state[0].I64[g], state[1].I64[g], state[2].I64[g], false)
			if err == nil {
				w, err = result(w, count)
			}
			if err != nil {
				c.Fail(int32(g), err)
				continue
			}
			out.Wide[g] = w
		}
	}
}
