package database

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
)

// clockSize is the size of the windows of processing time, in microseconds.
const clockSize = 200_000

// clockPlan is SELECT k, count(*) FROM TUMBLE((SELECT k, proctime() AS p FROM stream), p, …) GROUP BY k, window_start, window_end EMIT ON
// WINDOW CLOSE.
func (s *simulation) clockPlan(stream uint32) []byte {
	p := &planner{}
	came := types.T(types.Timestamptz)
	from := p.add(&physical.Scan{Relation: stream, Columns: []int{0}, Arrival: true, ByClock: true}, []types.Type{int8T, came})
	assigned := p.add(&physical.WindowAssign{Window: physical.Tumble, Time: 1, Size: clockSize, Slide: clockSize, ByClock: true,
		Lateness: physical.Lateness{Judge: true}}, []types.Type{int8T, came, came, came}, from)
	agg := p.aggregate(s, &physical.Aggregate{Keys: []int{0, 2, 3}, Calls: []physical.AggCall{{Name: "count", Filter: physical.NoColumn, Type: int8T}},
		WindowStart: 1, WindowEnd: 2, EmitOnClose: true, AppendOnly: true}, []types.Type{int8T, came, came, int8T}, assigned)
	return p.finish(s, p.project(agg, p.column(agg, 0), p.column(agg, 3)))
}

// clockWindows are those that the time of an epoch has passed, with the rows that came in them.
func (m *model) clockWindows(upTo uint64, v *modelView) bag {
	counts := map[row]int64{} // by k and window end
	for _, e := range m.events {
		if e.oid == m.stream && e.epoch <= upTo && e.epoch > v.low {
			at := m.time(e.epoch)
			counts[row{e.row[0], at - at%clockSize + clockSize}] += e.weight
		}
	}
	out := bag{}
	for r, n := range counts {
		if r[1] <= m.time(upTo) {
			out.add(row{r[0], n}, 1)
		}
	}
	return out
}
