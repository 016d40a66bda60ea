package physical

import (
	"testing"

	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/stretchr/testify/require"
)

var int8Type = types.T(types.Int8)

func samplePlan() *Plan {
	col := expr.NewColumn(0, int8Type, "a")
	return &Plan{Params: []types.Type{int8Type}, Notes: []string{"n"}, Nodes: []Node{
		{Op: &Scan{Relation: 16384, Name: "public.t", Columns: []int{0}}, Types: []types.Type{int8Type}, Names: []string{"a"}},
		{Op: &Filter{Pred: E(expr.IsNotNull(col))}, Inputs: []int{0}, Types: []types.Type{int8Type}, Props: Props{Keys: [][]int{{0}}, NotNull: []int{0}}},
		{Op: &TopN{OrderBy: []SortKey{{Column: 0, Desc: true}}, Limit: E(expr.NewParam(0, int8Type))}, Inputs: []int{1}, Types: []types.Type{int8Type}},
		{Op: &Root{Names: []string{"a"}, Key: []int{0}, HasKey: true}, Inputs: []int{2}, Types: []types.Type{int8Type}},
	}}
}

func TestEncodeRoundTrip(t *testing.T) {
	p := samplePlan()
	b, err := p.Encode()
	require.NoError(t, err)
	q, err := Decode(b)
	require.NoError(t, err)
	again, err := q.Encode()
	require.NoError(t, err)
	require.Equal(t, string(b), string(again))
	require.Equal(t, []uint32{16384}, q.Relations())
	require.True(t, q.Nodes[2].Op.(*TopN).Offset.None())
	require.Equal(t, "$1", q.Nodes[2].Op.(*TopN).Limit.String())
}

func TestDecodeDamaged(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		code sqlerr.Code
	}{
		"no JSON":          {"{", sqlerr.DataCorrupted},
		"newer":            {`{"Version":99}`, sqlerr.FeatureNotSupported},
		"empty":            {`{"Version":1}`, sqlerr.DataCorrupted},
		"unknown operator": {`{"Version":1,"Nodes":[{"Kind":"Warp"}]}`, sqlerr.FeatureNotSupported},
		"forward input":    {`{"Version":1,"Nodes":[{"Kind":"Union","Op":{},"Inputs":[0]}]}`, sqlerr.DataCorrupted},
		"no root":          {`{"Version":1,"Nodes":[{"Kind":"Union","Op":{}}]}`, sqlerr.DataCorrupted},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Decode([]byte(c.data))
			require.Equal(t, c.code, sqlerr.CodeOf(err))
		})
	}
}

// TestDecodeOld: an aggregate of a plan that was stored before there were partial ones goes on without.
func TestDecodeOld(t *testing.T) {
	p, err := Decode([]byte(`{"Version":1,"Nodes":[{"Kind":"Scan","Op":{}},{"Kind":"Aggregate","Op":{"Keys":[0],"WindowEnd":-1,"WindowStart":-1},"Inputs":[0]},` +
		`{"Kind":"SliceAggregate","Op":{"Keys":[0]},"Inputs":[0]},{"Kind":"Root","Op":{},"Inputs":[1]}]}`))
	require.NoError(t, err)
	require.Nil(t, p.Nodes[1].Op.(*Aggregate).Partial)
	require.Nil(t, p.Nodes[2].Op.(*SliceAggregate).Partial)
}
