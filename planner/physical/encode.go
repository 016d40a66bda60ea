package physical

import (
	"encoding/json"

	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// encodingVersion is the version that Encode writes. A change of a struct that old bytes cannot be read into needs a new one,
// and a Decode that still reads the old.
const encodingVersion = 1

// stored is the encoded plan.
type stored struct {
	Version int
	Nodes   []storedNode
	Params  []types.Type `json:",omitempty"`
	Notes   []string     `json:",omitempty"`
}

type storedNode struct {
	Kind   string
	Op     json.RawMessage
	Inputs []int `json:",omitempty"`
	Types  []types.Type
	Names  []string `json:",omitempty"`
	Props  Props
}

// operators makes an empty operator of each kind. A new operator is a line here.
var operators = func() map[string]func() Op {
	m := map[string]func() Op{}
	for _, f := range []func() Op{
		func() Op { return &Scan{} }, func() Op { return &Values{} }, func() Op { return &TableFunc{} },
		func() Op { return &Filter{} }, func() Op { return &Project{} }, func() Op { return &WindowAssign{} },
		func() Op { return &Stamp{} }, func() Op { return &Session{} }, func() Op { return &Hold{} },
		func() Op { return &Aggregate{} }, func() Op { return &SliceAggregate{} }, func() Op { return &SessionAggregate{} },
		func() Op { return &PartialAggregate{} },
		func() Op { return &Distinct{} }, func() Op { return &Join{} }, func() Op { return &Union{} }, func() Op { return &SetOp{} },
		func() Op { return &TopN{} }, func() Op { return &FirstRows{} },
		func() Op { return &Over{} }, func() Op { return &Match{} }, func() Op { return &MaxOneRow{} }, func() Op { return &Exchange{} },
		func() Op { return &Root{} }, func() Op { return &OnTime{} }, func() Op { return &Asof{} },
		func() Op { return &Temporal{} }, func() Op { return &Expiry{} },
	} {
		m[f().Kind()] = f
	}
	return m
}()

// Encode is the plan as bytes to store.
func (p *Plan) Encode() ([]byte, error) {
	s := stored{Version: encodingVersion, Params: p.Params, Notes: p.Notes}
	for _, n := range p.Nodes {
		op, err := json.Marshal(n.Op)
		if err != nil {
			return nil, err
		}
		s.Nodes = append(s.Nodes, storedNode{n.Op.Kind(), op, n.Inputs, n.Types, n.Names, n.Props})
	}
	return json.Marshal(s)
}

// Decode reads what Encode wrote. Damaged bytes and plans of a newer format are errors.
func Decode(data []byte) (*Plan, error) {
	var s stored
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, sqlerr.Wrap(err, sqlerr.DataCorrupted, "a stored plan cannot be read: %v", err)
	}
	if s.Version < 1 || s.Version > encodingVersion {
		return nil, sqlerr.New(sqlerr.FeatureNotSupported, "a stored plan has format %d, this binary reads up to %d", s.Version, encodingVersion)
	}
	p := &Plan{Params: s.Params, Notes: s.Notes}
	for i, n := range s.Nodes {
		node, err := n.decode()
		if err != nil {
			return nil, err
		}
		for _, in := range n.Inputs {
			if in < 0 || in >= i {
				return nil, sqlerr.New(sqlerr.DataCorrupted, "node %d of a stored plan reads node %d", i, in)
			}
		}
		p.Nodes = append(p.Nodes, node)
	}
	if len(p.Nodes) == 0 || p.Nodes[len(p.Nodes)-1].Op.Kind() != (&Root{}).Kind() || len(p.Nodes[len(p.Nodes)-1].Inputs) != 1 {
		return nil, sqlerr.New(sqlerr.DataCorrupted, "a stored plan has no root")
	}
	return p, nil
}

func (n storedNode) decode() (Node, error) {
	empty, ok := operators[n.Kind]
	if !ok {
		return Node{}, sqlerr.New(sqlerr.FeatureNotSupported, "a stored plan has the operator %q, which this binary does not know", n.Kind)
	}
	op := empty()
	if err := json.Unmarshal(n.Op, op); err != nil {
		return Node{}, sqlerr.Wrap(err, sqlerr.DataCorrupted, "operator %q of a stored plan cannot be read: %v", n.Kind, err)
	}
	return Node{op, n.Inputs, n.Types, n.Names, n.Props}, nil
}

func marshalExpr(n expr.Node) ([]byte, error) {
	if n == nil {
		return []byte("null"), nil
	}
	b, err := expr.Encode(n)
	if err != nil {
		return nil, err
	}
	return json.Marshal(b)
}

func unmarshalExpr(data []byte) (expr.Node, error) {
	var b []byte
	if err := json.Unmarshal(data, &b); err != nil || b == nil {
		return nil, err
	}
	return expr.Decode(b)
}
