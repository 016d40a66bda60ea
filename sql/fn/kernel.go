package fn

import (
	"sync"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Most kernels are one row's function, lifted to columns by the builders of this file. Arguments are read through col, in
// which a constant and a column look alike: the index is masked with 0 or with all ones, so that there is one loop and not
// one for each combination.

// elem are the Go types of the elements of columns; []byte stands for KindBytes.
type elem interface {
	uint8 | int32 | int64 | float64 | types.Wide | []byte
}

// fixed are the elements of fixed size.
type fixed interface {
	uint8 | int32 | int64 | float64 | types.Wide
}

// col is an argument: row i is s[i&mask].
type col[T elem] struct {
	s    []T
	mask int32
}

// column reads v. The rows of a KindBytes column are gathered for sel into pooled scratch, which release gives back.
func column[T elem](v *vec.Vector, sel []int32) col[T] {
	c := col[T]{mask: -1}
	if v.Const {
		c.mask = 0
	}
	var zero T
	switch any(zero).(type) {
	case []byte:
		c.s = *any(gatherBytes(v, sel)).(*[]T)
	default:
		c.s = *fieldOf[T](v)
	}
	return c
}

func (c col[T]) at(i int32) T { return c.s[i&c.mask] }

// release gives scratch back; it is cheap for the other columns.
func (c col[T]) release() {
	if s, ok := any(&c.s).(*[][]byte); ok {
		scratch.Put(s)
	}
}

var scratch = sync.Pool{New: func() any { return new([][]byte) }}

func gatherBytes(v *vec.Vector, sel []int32) *[][]byte {
	s := scratch.Get().(*[][]byte)
	if n := len(v.Str); cap(*s) < n {
		*s = make([][]byte, n, max(n, vec.BatchSize))
	} else {
		*s = (*s)[:n]
	}
	if v.Const {
		(*s)[0] = v.Bytes(0)
		return s
	}
	for _, i := range sel {
		(*s)[i] = v.Bytes(int(i))
	}
	return s
}

// fieldOf is the field of v that holds elements of type T.
func fieldOf[T elem](v *vec.Vector) *[]T {
	var zero T
	var p any
	switch any(zero).(type) {
	case uint8:
		p = &v.Bool
	case int32:
		p = &v.I32
	case int64:
		p = &v.I64
	case float64:
		p = &v.F64
	default:
		p = &v.Wide
	}
	return p.(*[]T)
}

// map0 lifts a function without arguments.
func map0[R fixed](f func(c *Ctx) (R, error)) Kernel {
	return func(c *Ctx, _ []*vec.Vector, sel []int32, out *vec.Vector) {
		res := *fieldOf[R](out)
		for _, i := range sel {
			r, err := f(c)
			if err != nil {
				failRow(c, out, i, err)
				continue
			}
			res[i] = r
		}
	}
}

// map1 lifts a function of one argument whose result has a fixed size.
func map1[A elem, R fixed](f func(c *Ctx, a A) (R, error)) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		a, res := column[A](args[0], sel), *fieldOf[R](out)
		defer a.release()
		for _, i := range sel {
			r, err := f(c, a.at(i))
			if err != nil {
				failRow(c, out, i, err)
				continue
			}
			res[i] = r
		}
	}
}

// map2 lifts a function of two arguments.
func map2[A, B elem, R fixed](f func(c *Ctx, a A, b B) (R, error)) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		a, b, res := column[A](args[0], sel), column[B](args[1], sel), *fieldOf[R](out)
		defer a.release()
		defer b.release()
		for _, i := range sel {
			r, err := f(c, a.at(i), b.at(i))
			if err != nil {
				failRow(c, out, i, err)
				continue
			}
			res[i] = r
		}
	}
}

// map3 lifts a function of three arguments.
func map3[A, B, C elem, R fixed](f func(c *Ctx, x A, y B, z C) (R, error)) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		x, y, z, res := column[A](args[0], sel), column[B](args[1], sel), column[C](args[2], sel), *fieldOf[R](out)
		defer x.release()
		defer y.release()
		defer z.release()
		for _, i := range sel {
			r, err := f(c, x.at(i), y.at(i), z.at(i))
			if err != nil {
				failRow(c, out, i, err)
				continue
			}
			res[i] = r
		}
	}
}

// pure makes a function that knows no context and no error one that does.
func pure[A, R any](f func(A) R) func(*Ctx, A) (R, error) {
	return func(_ *Ctx, a A) (R, error) { return f(a), nil }
}

// fallible makes a function that knows no context one that does.
func fallible[A, R any](f func(A) (R, error)) func(*Ctx, A) (R, error) {
	return func(_ *Ctx, a A) (R, error) { return f(a) }
}

func pure2[A, B, R any](f func(A, B) R) func(*Ctx, A, B) (R, error) {
	return func(_ *Ctx, a A, b B) (R, error) { return f(a, b), nil }
}

func fallible2[A, B, R any](f func(A, B) (R, error)) func(*Ctx, A, B) (R, error) {
	return func(_ *Ctx, a A, b B) (R, error) { return f(a, b) }
}

// test1 and test2 lift predicates.
func test1[A elem](f func(a A) bool) Kernel {
	return map1(func(_ *Ctx, a A) (uint8, error) { return b2u(f(a)), nil })
}

func test2[A, B elem](f func(a A, b B) bool) Kernel {
	return map2(func(_ *Ctx, a A, b B) (uint8, error) { return b2u(f(a, b)), nil })
}

// text0 lifts a function that appends its result to dst.
func text0(f func(c *Ctx, dst []byte) ([]byte, error)) Kernel {
	return func(c *Ctx, _ []*vec.Vector, sel []int32, out *vec.Vector) {
		for _, i := range sel {
			appendRow(c, out, i, func(dst []byte) ([]byte, error) { return f(c, dst) })
		}
	}
}

// text1 lifts a function of one argument that appends its result to dst; it must not write below len(dst).
func text1[A elem](f func(c *Ctx, dst []byte, a A) ([]byte, error)) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		a := column[A](args[0], sel)
		defer a.release()
		for _, i := range sel {
			start := len(out.Data)
			data, err := f(c, out.Data, a.at(i))
			finishRow(c, out, i, start, data, err)
		}
	}
}

// text2 lifts a function of two arguments that appends its result to dst.
func text2[A, B elem](f func(c *Ctx, dst []byte, a A, b B) ([]byte, error)) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		a, b := column[A](args[0], sel), column[B](args[1], sel)
		defer a.release()
		defer b.release()
		for _, i := range sel {
			start := len(out.Data)
			data, err := f(c, out.Data, a.at(i), b.at(i))
			finishRow(c, out, i, start, data, err)
		}
	}
}

// text3 lifts a function of three arguments that appends its result to dst.
func text3[A, B, C elem](f func(c *Ctx, dst []byte, x A, y B, z C) ([]byte, error)) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		x, y, z := column[A](args[0], sel), column[B](args[1], sel), column[C](args[2], sel)
		defer x.release()
		defer y.release()
		defer z.release()
		for _, i := range sel {
			start := len(out.Data)
			data, err := f(c, out.Data, x.at(i), y.at(i), z.at(i))
			finishRow(c, out, i, start, data, err)
		}
	}
}

// appendRow makes row i of out from what f appends.
func appendRow(c *Ctx, out *vec.Vector, i int32, f func(dst []byte) ([]byte, error)) {
	start := len(out.Data)
	data, err := f(out.Data)
	finishRow(c, out, i, start, data, err)
}

// finishRow ends row i of out, whose bytes were appended to its data from start on. errNull makes the row null.
func finishRow(c *Ctx, out *vec.Vector, i int32, start int, data []byte, err error) {
	switch {
	case err != nil:
		failRow(c, out, i, err)
	case len(data) > maxColumnBytes:
		c.Fail(i, tooLong())
	default:
		out.Data = data
		out.SetEnd(int(i), start)
	}
}

// failRow is what an error of row i means: errNull makes it null.
func failRow(c *Ctx, out *vec.Vector, i int32, err error) {
	if err == errNull {
		out.SetNull(int(i))
		return
	}
	c.Fail(i, err)
}

// errNull is what a row's function returns as its error when the result is null.
var errNull error = sqlerr.Internal("null result")

const (
	// maxValueBytes is the size that no value may reach, PostgreSQL's MaxAllocSize.
	maxValueBytes = 1<<30 - 1
	// maxColumnBytes bounds what one batch's results take together; spans, of 32 bits, could hold twice that.
	maxColumnBytes = 1<<31 - 1
)

func tooLong() error {
	return sqlerr.New(sqlerr.ProgramLimitExceeded, "requested length too large").
		WithHint("A value must be smaller than 1 GiB.")
}

func b2u(b bool) uint8 {
	var u uint8
	if b {
		u = 1
	}
	return u
}

// rowwise lifts a function of Datums: for functions that are called seldom (catalog, formatting) or take any type. The
// arguments share the columns' bytes; the result is copied.
func rowwise(f func(c *Ctx, args []types.Datum, ts []types.Type) (types.Datum, error)) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		row := make([]types.Datum, len(args))
		ts := make([]types.Type, len(args))
		for k, a := range args {
			ts[k] = a.Type
		}
		for _, i := range sel {
			for k, a := range args {
				row[k] = a.Datum(int(i))
			}
			d, err := f(c, row, ts)
			if err != nil {
				failRow(c, out, i, err)
				continue
			}
			SetDatum(out, i, d)
		}
	}
}

// SetDatum writes row i of a column that has its final length.
func SetDatum(out *vec.Vector, i int32, d types.Datum) {
	if d.Null {
		out.SetNull(int(i))
		return
	}
	switch out.Kind() {
	case types.KindBool:
		out.Bool[i] = uint8(d.I)
	case types.KindInt32:
		out.I32[i] = int32(d.I)
	case types.KindInt64:
		out.I64[i] = d.I
	case types.KindFloat:
		out.F64[i] = d.F
	case types.KindWide:
		out.Wide[i] = d.W
	default:
		out.SetBytes(int(i), d.B)
	}
}
