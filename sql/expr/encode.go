package expr

import (
	"encoding/binary"
	"math"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// encodingVersion is the first byte of an encoded expression. Physical plans are stored with their views, so a change of
// the encoding needs a new version and a decoder that still reads the old ones.
const encodingVersion = 1

// Tags of nodes in the encoding; they are stored, so a number is never used twice.
const (
	tagColumn byte = iota + 1
	tagConst
	tagParam
	tagAnd
	tagOr
	tagNot
	tagTest
	tagIsDistinct
	tagCase
	tagCoalesce
	tagExtreme
	tagCall
	tagCast
	tagInList
	tagScalarArray
	tagArrayCtor
	tagRowCtor
	tagNamedRow
)

func tagOf(n Node) (byte, bool) {
	switch n := n.(type) {
	case *Column:
		return tagColumn, true
	case *Const:
		return tagConst, true
	case *Param:
		return tagParam, true
	case *And:
		return tagAnd, true
	case *Or:
		return tagOr, true
	case *Not:
		return tagNot, true
	case *Test:
		return tagTest, true
	case *IsDistinct:
		return tagIsDistinct, true
	case *Case:
		return tagCase, true
	case *Coalesce:
		return tagCoalesce, true
	case *Extreme:
		return tagExtreme, true
	case *Call:
		return tagCall, true
	case *Cast:
		return tagCast, true
	case *InList:
		return tagInList, true
	case *ScalarArray:
		return tagScalarArray, true
	case *ArrayCtor:
		return tagArrayCtor, true
	case *RowCtor:
		if n.Names != nil {
			return tagNamedRow, true
		}
		return tagRowCtor, true
	}
	return 0, false
}

// Encode is n as bytes for a stored plan: functions by name and parameter types, so that a newer binary finds them again.
// A node that is not of this package cannot be encoded.
func Encode(n Node) ([]byte, error) { return appendNode([]byte{encodingVersion}, n) }

func appendNode(b []byte, n Node) ([]byte, error) {
	tag, ok := tagOf(n)
	if !ok {
		return nil, sqlerr.Internal("a %T cannot stand in a stored plan", n)
	}
	b = n.AppendOwn(append(b, tag))
	if c, ok := n.(*Column); ok {
		b = appendString(b, c.Name)
	}
	children := n.Children()
	b = binary.AppendUvarint(b, uint64(len(children)))
	var err error
	for _, c := range children {
		if b, err = appendNode(b, c); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendType(b []byte, t types.Type) []byte {
	b = appendBool(append(b, byte(t.ID)), t.Array)
	return binary.AppendVarint(b, int64(t.Mod))
}

func appendFunc(b []byte, f *fn.Func) []byte {
	b = appendString(b, f.Name)
	b = binary.AppendUvarint(b, uint64(len(f.Args)))
	for _, t := range f.Args {
		b = appendType(b, t)
	}
	return b
}

func appendDatum(b []byte, t types.Type, d types.Datum) []byte {
	b = appendBool(b, d.Null)
	if d.Null {
		return b
	}
	switch t.Kind() {
	case types.KindBool, types.KindInt32, types.KindInt64:
		return binary.AppendVarint(b, d.I)
	case types.KindFloat:
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(d.F))
	case types.KindWide:
		return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(b, d.W.Hi), d.W.Lo)
	default:
		return append(binary.AppendUvarint(b, uint64(len(d.B))), d.B...)
	}
}
