package expr

import (
	"encoding/binary"
	"math"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// maxDecodeDepth guards the decoder's stack against damaged bytes; it is above any depth that the parser lets through
// (256), times the nodes that binding adds to a level.
const maxDecodeDepth = 10_000

// Decode reads what Encode wrote. Damaged bytes, and functions that this binary does not have, are errors.
func Decode(b []byte) (Node, error) {
	if len(b) == 0 || b[0] != encodingVersion {
		return nil, sqlerr.New(sqlerr.DataCorrupted, "stored expression has an unknown format")
	}
	d := &decoder{rest: b[1:]}
	n := d.node(0)
	if d.err == nil && len(d.rest) > 0 {
		d.corrupt()
	}
	if d.err != nil {
		return nil, d.err
	}
	return n, nil
}

// decoder reads from rest; after the first error all reads give zero values.
type decoder struct {
	rest []byte
	err  error
}

func (d *decoder) corrupt() {
	if d.err == nil {
		d.err = sqlerr.New(sqlerr.DataCorrupted, "stored expression is damaged")
	}
	d.rest = nil
}

func (d *decoder) byte() byte {
	if len(d.rest) == 0 {
		d.corrupt()
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

func (d *decoder) bool() bool { return d.byte() != 0 }

func (d *decoder) uint() int {
	v, n := binary.Uvarint(d.rest)
	if n <= 0 || v > math.MaxInt32 {
		d.corrupt()
		return 0
	}
	d.rest = d.rest[n:]
	return int(v)
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.rest)
	if n <= 0 {
		d.corrupt()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) bytes(n int) []byte {
	if n > len(d.rest) {
		d.corrupt()
		return make([]byte, min(n, 16))
	}
	b := d.rest[:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) string() string { return string(d.bytes(d.uint())) }

func (d *decoder) strings() []string {
	out := []string{}
	for n := d.uint(); n > 0 && d.err == nil; n-- {
		out = append(out, d.string())
	}
	return out
}

func (d *decoder) typ() types.Type {
	t := types.Type{ID: types.ID(d.byte()), Array: d.bool()}
	t.Mod = int32(d.int())
	if t.ID >= types.NumIDs {
		d.corrupt()
		return types.Type{}
	}
	return t
}

func (d *decoder) fn() *fn.Func {
	name := d.string()
	args := make([]types.Type, 0, 4)
	for range d.uint() {
		if args = append(args, d.typ()); d.err != nil {
			return nil
		}
	}
	f := fn.Find(name, args)
	if f == nil && d.err == nil {
		d.err = sqlerr.New(sqlerr.UndefinedFunction, "stored expression calls %s, which this version does not have", name)
	}
	return f
}

func (d *decoder) datum(t types.Type) types.Datum {
	if d.bool() {
		return types.Null
	}
	switch t.Kind() {
	case types.KindBool, types.KindInt32, types.KindInt64:
		return types.NewInt(d.int())
	case types.KindFloat:
		return types.NewFloat(math.Float64frombits(binary.LittleEndian.Uint64(d.bytes(8))))
	case types.KindWide:
		b := d.bytes(16)
		return types.Datum{W: types.Wide{Hi: binary.LittleEndian.Uint64(b), Lo: binary.LittleEndian.Uint64(b[8:])}}
	default:
		return types.NewBytes(append([]byte(nil), d.bytes(d.uint())...))
	}
}

// node reads a node: its own part into an empty node, then the operands, which With puts in.
func (d *decoder) node(depth int) Node {
	if depth > maxDecodeDepth {
		d.corrupt()
		return nil
	}
	n, least, even := d.own(d.byte())
	if d.err != nil {
		return nil
	}
	count := d.uint()
	if count < least || even && count != least {
		d.corrupt()
	}
	children := make([]Node, 0, min(count, 1024))
	for range count {
		c := d.node(depth + 1)
		if d.err != nil {
			return nil
		}
		children = append(children, c)
	}
	if d.err != nil {
		return nil
	}
	return n.With(children)
}

// own reads what AppendOwn wrote and says how many operands the node has: least, and exactly that many if fixed.
func (d *decoder) own(tag byte) (n Node, least int, fixed bool) {
	switch tag {
	case tagColumn:
		return &Column{Index: d.uint(), Typ: d.typ(), Name: d.string()}, 0, true
	case tagConst:
		t := d.typ()
		return &Const{Typ: t, Value: d.datum(t)}, 0, true
	case tagParam:
		return &Param{Index: d.uint(), Typ: d.typ()}, 0, true
	case tagAnd:
		return &And{}, 0, false
	case tagOr:
		return &Or{}, 0, false
	case tagNot:
		return &Not{}, 1, true
	case tagTest:
		return &Test{Kind: TestKind(d.byte()), Not: d.bool()}, 1, true
	case tagIsDistinct:
		return &IsDistinct{Not: d.bool()}, 2, true
	case tagCase:
		return &Case{Typ: d.typ()}, 1, false
	case tagCoalesce:
		return &Coalesce{Typ: d.typ()}, 1, false
	case tagExtreme:
		return &Extreme{Typ: d.typ(), Least: d.bool()}, 1, false
	case tagCall:
		return &Call{Fn: d.fn(), Typ: d.typ(), Spread: d.bool()}, 0, false
	case tagCast:
		return &Cast{To: d.typ(), Explicit: d.bool()}, 1, true
	case tagInList:
		return &InList{Not: d.bool()}, 1, false
	case tagScalarArray:
		return &ScalarArray{Fn: d.fn(), All: d.bool()}, 2, true
	case tagArrayCtor:
		return &ArrayCtor{Typ: d.typ()}, 0, false
	case tagRowCtor:
		return &RowCtor{}, 0, false
	case tagNamedRow:
		names := d.strings()
		return &RowCtor{Names: names}, len(names), true
	}
	d.corrupt()
	return &Const{}, 0, true
}
