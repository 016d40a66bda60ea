package system

import (
	"time"

	"github.com/streamdb/streamdb/sql/types"
)

// integer are the Go types that columns' numbers come from.
type integer interface {
	~int | ~int16 | ~int32 | ~int64 | ~uint16 | ~uint32 | ~uint64
}

// num is a number: of an integer type, an OID, or a time in microseconds since 1970.
func num[T integer](n T) types.Datum { return types.NewInt(int64(n)) }

// known is num, but 0 stands for what is not known.
func known[T integer](n T) types.Datum {
	if n == 0 {
		return types.Null
	}
	return num(n)
}

func str(s string) types.Datum { return types.NewText(s) }

// given is str, but "" stands for nothing.
func given(s string) types.Datum {
	if s == "" {
		return types.Null
	}
	return str(s)
}

func flag(b bool) types.Datum { return types.NewBool(b) }

// yesNo is information_schema's boolean.
func yesNo(b bool) types.Datum {
	if b {
		return str("YES")
	}
	return str("NO")
}

// letter is a value of type "char"; 0 is the empty one.
func letter(b byte) types.Datum {
	if b == 0 {
		return str("")
	}
	return types.NewBytes([]byte{b})
}

func when(t time.Time) types.Datum {
	if t.IsZero() {
		return types.Null
	}
	return num(t.UnixMicro())
}

// list is an array of values of a type.
func list[T any](elem types.ID, xs []T, value func(T) types.Datum) types.Datum {
	return types.ArrayDatum(types.T(elem), types.NewArray(elements(xs, value)))
}

// vector is an int2vector or oidvector.
func vector[T any](id types.ID, xs []T, value func(T) types.Datum) types.Datum {
	return types.VectorDatum(id, elements(xs, value))
}

func elements[T any](xs []T, value func(T) types.Datum) []types.Datum {
	out := make([]types.Datum, len(xs))
	for i, x := range xs {
		out[i] = value(x)
	}
	return out
}

// always is the same value in every row.
func always[R any](d types.Datum) func(R) types.Datum { return func(R) types.Datum { return d } }

// textArray is a text[].
func textArray[T any](xs []T, text func(T) string) types.Datum {
	return list(types.Text, xs, func(x T) types.Datum { return str(text(x)) })
}
