package fn_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

var pgDSN = flag.String("pg", "", "connection string of the PostgreSQL 15 whose answers -rewrite takes; see sql/expr's goldens")

// TestAggregates: a line is an aggregate, the type of its argument, and the values; then perhaps a constant argument, which
// comes behind the values, or first for an ordered-set aggregate. The goldens are PostgreSQL's answers.
func TestAggregates(t *testing.T) {
	answer := aggregateInAllWays
	if *pgDSN != "" {
		conn, err := pgconn.Connect(context.Background(), *pgDSN)
		require.NoError(t, err)
		defer conn.Close(context.Background())
		answer = func(t *testing.T, c aggCase) string { return c.ask(t, conn) }
	}
	datadriven.RunTest(t, "testdata/aggregate.golden", func(t *testing.T, d *datadriven.TestData) string {
		var b strings.Builder
		for line := range strings.Lines(d.Input) {
			b.WriteString(answer(t, parseCase(t, strings.TrimSpace(line))) + "\n")
		}
		return b.String()
	})
}

type aggCase struct {
	name       string
	typ        types.Type
	array      string
	extra      *types.Type
	extraValue string
}

func (c aggCase) orderedSet() bool {
	return c.name == "mode" || strings.HasPrefix(c.name, "percentile")
}

func parseCase(t *testing.T, line string) aggCase {
	f := strings.SplitN(line, " ", 3)
	require.Len(t, f, 3, line)
	c := aggCase{name: f[0], array: f[2]}
	var mods []int32
	name := f[1]
	if at := strings.IndexByte(name, '('); at > 0 {
		var p, s int32
		_, err := fmt.Sscanf(name[at:], "(%d,%d)", &p, &s)
		require.NoError(t, err)
		name, mods = name[:at], []int32{p, s}
	}
	var err error
	c.typ, err = types.FromSQL(name, mods)
	require.NoError(t, err)
	if at := strings.LastIndexByte(c.array, '}'); at+1 < len(c.array) {
		rest := strings.Fields(c.array[at+1:])
		e, ok := types.BySQLName(rest[0])
		require.True(t, ok)
		c.extra, c.extraValue, c.array = &e, rest[1], c.array[:at+1]
	}
	return c
}

func (c aggCase) ask(t *testing.T, conn *pgconn.PgConn) string {
	extra := ""
	if c.extra != nil {
		extra = fmt.Sprintf("%s '%s'", c.extra, c.extraValue)
	}
	call := fmt.Sprintf("%s(x%s)", c.name, map[bool]string{true: ", " + extra, false: ""}[extra != ""])
	if extra != "" {
		call = fmt.Sprintf("%s(x, %s ORDER BY o)", c.name, extra)
	} else if strings.HasSuffix(c.name, "_agg") {
		call = fmt.Sprintf("%s(x ORDER BY o)", c.name)
	}
	if c.orderedSet() {
		call = fmt.Sprintf("%s(%s) WITHIN GROUP (ORDER BY x)", c.name, extra)
	}
	if c.typ.ID == types.Float8 && strings.Contains(c.name, "dev") || strings.HasPrefix(c.name, "var") && c.typ.ID == types.Float8 {
		call = "round((" + call + ")::numeric, 10)"
	}
	sql := fmt.Sprintf("SELECT %s FROM unnest('%s'::%s[]) WITH ORDINALITY u(x, o)", call, c.array, c.typ)
	res, err := conn.Exec(context.Background(), sql).ReadAll()
	if pgErr := (*pgconn.PgError)(nil); errors.As(err, &pgErr) {
		if pgErr.Code == "42883" || pgErr.Code == "42601" {
			t.Errorf("%s: %v", sql, err)
		}
		return "ERROR " + pgErr.Code + ": " + pgErr.Message
	}
	require.NoError(t, err, sql)
	if res[0].Rows[0][0] == nil {
		return "NULL"
	}
	return "=" + string(res[0].Rows[0][0])
}

// aggregateInAllWays steps the values in batches of random size into several groups' states at once, with retractions of
// what was never there or comes again, and by partial states that are merged: all must agree.
func aggregateInAllWays(t *testing.T, c aggCase) string {
	d, err := types.ParseText(types.ArrayOf(c.typ), []byte(c.array))
	require.NoError(t, err)
	arr, err := types.DecodeArray(c.typ, d.B)
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(1, uint64(len(c.array))))
	want := newAggRun(t, c).feed(rng, arr.Elems, false).result()
	for range 5 {
		require.Equal(t, want, newAggRun(t, c).feed(rng, arr.Elems, true).result(), "%v", c)
	}
	return want
}

// aggRun is an aggregation into group 1 of three.
type aggRun struct {
	t      *testing.T
	c      aggCase
	agg    *fn.Aggregate
	types  []types.Type
	state  []*vec.Vector
	failed error
}

func newAggRun(t *testing.T, c aggCase) *aggRun {
	r := &aggRun{t: t, c: c, types: []types.Type{c.typ}}
	if c.extra != nil && c.orderedSet() {
		r.types = []types.Type{*c.extra, c.typ}
	} else if c.extra != nil {
		r.types = append(r.types, *c.extra)
	}
	r.agg = findAggregate(c.name, r.types)
	require.NotNil(t, r.agg, "%v", c)
	r.state = r.newState()
	return r
}

func findAggregate(name string, ts []types.Type) *fn.Aggregate {
	for _, a := range fn.LookupAggregate(name) {
		ok := len(a.Args) == len(ts)
		for i := range a.Args {
			p := a.Args[i]
			ok = ok && (p.Same(ts[i]) || p.ID == types.Any || p.ID == types.AnyElement && !ts[i].Array || p.ID == types.AnyArray && ts[i].Array)
		}
		if ok {
			return a
		}
	}
	return nil
}

const aggGroups, aggGroup = 3, 1

func (r *aggRun) newState() []*vec.Vector {
	var state []*vec.Vector
	for _, t := range r.agg.State(r.types) {
		v := vec.New(t, aggGroups)
		for range aggGroups {
			v.Append(types.Datum{})
		}
		state = append(state, v)
	}
	return state
}

func (r *aggRun) ctx() *fn.Ctx {
	return &fn.Ctx{Fail: func(_ int32, err error) { r.failed = err }}
}

// feed steps the values: at once, or in pieces, doubled and taken back, and over a merge.
func (r *aggRun) feed(rng *rand.Rand, values []types.Datum, pieces bool) *aggRun {
	if !pieces {
		r.step(r.state, values, nil)
		return r
	}
	mergeAt := -1
	if r.agg.Merge != nil {
		mergeAt = rng.IntN(len(values) + 1)
	}
	other := r.newState()
	for from := 0; from < len(values); {
		to := min(from+1+rng.IntN(4), len(values))
		state := r.state
		if from >= mergeAt && mergeAt >= 0 {
			state = other
		}
		part := values[from:to]
		r.step(state, part, nil)
		if r.agg.Retractable && rng.IntN(2) == 0 {
			r.step(state, part, []int64{3})
			r.step(state, part, []int64{-3})
		}
		from = to
	}
	if n := len(values); mergeAt >= 0 && r.agg.Retractable && n > 0 { // a row's update may lie in another part than the row
		r.step(other, values[:1], []int64{1})
		r.step(other, values[n-1:], []int64{-1})
		r.step(r.state, values[n-1:], []int64{1})
		r.step(r.state, values[:1], []int64{-1})
	}
	if mergeAt >= 0 {
		r.agg.Merge(r.ctx(), r.state, []int32{0, aggGroup, 2}, other, aggGroups)
	}
	return r
}

// step gives the rows to group 1, with a row of noise for group 0 between them.
func (r *aggRun) step(state []*vec.Vector, values []types.Datum, weight []int64) {
	n := 2 * len(values)
	cols := make([]*vec.Vector, len(r.types))
	x := 0
	for k, t := range r.types {
		cols[k] = vec.New(t, n)
		if t.Same(r.c.typ) && (r.c.extra == nil || k == 0 != r.c.orderedSet()) {
			x = k
		} else {
			d, err := types.ParseText(t, []byte(r.c.extraValue))
			require.NoError(r.t, err)
			cols[k] = vec.NewConst(t, d)
		}
	}
	var groups, sel []int32
	var weights []int64
	for i, d := range values {
		cols[x].Append(d)
		cols[x].Append(d)
		groups = append(groups, aggGroup, 0)
		for _, at := range []int32{int32(2 * i), int32(2*i + 1)} {
			if weight != nil {
				weights = append(weights, weight[0])
			}
			if !d.Null || r.agg.KeepNulls {
				sel = append(sel, at)
			}
		}
	}
	r.agg.Step(r.ctx(), state, groups, cols, sel, weights)
}

func (r *aggRun) result() string {
	ret := r.agg.ResultType(r.types)
	out := &vec.Vector{}
	out.Resize(ret, aggGroups)
	clear(out.Str)
	var failed error
	r.agg.Finish(&fn.Ctx{Fail: func(i int32, err error) {
		if i == aggGroup {
			failed = err
		}
	}}, r.state, aggGroups, out)
	require.True(r.t, r.agg.Name == "count" || out.IsNull(2), "a group without input is null")
	if failed == nil {
		failed = r.failed
	}
	if failed != nil {
		e := sqlerr.From(failed)
		return "ERROR " + string(e.Code) + ": " + e.Message
	}
	d := out.Datum(aggGroup)
	if d.Null {
		return "NULL"
	}
	if r.c.typ.ID == types.Float8 && (strings.Contains(r.c.name, "dev") || strings.HasPrefix(r.c.name, "var")) && finite(d.F) {
		return "=" + new(big.Float).SetFloat64(d.F).Text('f', 10)
	}
	return "=" + types.String(ret, d)
}

func finite(f float64) bool { return !math.IsInf(f, 0) && f == f }

// TestExactSum: the sum of floats is the correctly rounded one, in any order, and subtracting gives it back.
func TestExactSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			f := rapid.Float64().Draw(t, "f")
			if !finite(f) {
				return 1
			}
			return math.Ldexp(math.Copysign(1, f)*(1+rapid.Float64Range(0, 1).Draw(t, "m")), rapid.IntRange(-1070, 1000).Draw(t, "e"))
		}), 1, 20).Draw(t, "values")
		exact := new(big.Rat)
		for _, f := range values {
			exact.Add(exact, new(big.Rat).SetFloat64(f))
		}
		want, _ := exact.Float64()
		require.Equal(t, want, sumOf(t, values))
		rand.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		require.Equal(t, want, sumOf(t, values))
	})
}

func sumOf(t *rapid.T, values []float64) float64 {
	agg := fn.FindAggregate("sum", []types.Type{types.T(types.Float8)})
	col := vec.New(types.T(types.Float8), len(values))
	sel, groups := []int32{}, make([]int32, len(values))
	for i, f := range values {
		col.Append(types.NewFloat(f))
		sel = append(sel, int32(i))
	}
	var state []*vec.Vector
	for _, st := range agg.State(nil) {
		v := vec.New(st, 1)
		v.Append(types.Datum{})
		state = append(state, v)
	}
	ctx := &fn.Ctx{Fail: func(_ int32, err error) { require.NoError(t, err) }}
	agg.Step(ctx, state, groups, []*vec.Vector{col}, sel, nil)
	out := &vec.Vector{}
	out.Resize(types.T(types.Float8), 1)
	agg.Finish(ctx, state, 1, out)
	return out.F64[0]
}
