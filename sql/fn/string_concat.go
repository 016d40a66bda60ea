package fn

import (
	"bytes"
	"strconv"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// concatOperators are || over strings. A chain of them is bound to one call of any number of arguments: the kernel joins
// all it is given.
var concatOperators = []*Func{
	{Name: "||", Args: textText, Ret: textT, Doc: "Concatenation.", Example: "'Post' || 'greSQL' → PostgreSQL", Kernel: joinKernel},
	{Name: "||", Args: []types.Type{textT, anyType}, Ret: textT, Vol: Stable, Doc: "The string, then the value's text.", Example: "'Value: ' || 42 → Value: 42",
		Kernel: joinKernel},
	{Name: "||", Args: []types.Type{anyType, textT}, Ret: textT, Vol: Stable, Doc: "The value's text, then the string.", Example: "42 || 'x' → 42x",
		Kernel: joinKernel},
	{Name: "||", Args: []types.Type{byteaT, byteaT}, Ret: byteaT, Doc: "Concatenation.", Example: `'\x12'::bytea || '\x34'::bytea → \x1234`, Kernel: joinKernel},
}

var concatFuncs = []*Func{
	{Name: "concat", Args: []types.Type{anyType}, Variadic: true, Ret: textT, Nulls: CalledOnNull, Vol: Stable,
		Doc: "The texts of all arguments one after another, nulls left out.", Example: "concat('abcde', 2, NULL, 22) → abcde222", Kernel: concatKernel(false)},
	{Name: "concat_ws", Args: []types.Type{textT, anyType}, Variadic: true, Ret: textT, Nulls: CalledOnNull, Vol: Stable,
		Doc: "The texts of all arguments but the first, which separates them, nulls left out.", Example: "concat_ws(',', 'abcde', 2, NULL, 22) → abcde,2,22",
		Kernel: concatKernel(true)},
	{Name: "format", Args: []types.Type{textT, anyType}, Variadic: true, Optional: 1, Ret: textT, Nulls: CalledOnNull, Vol: Stable,
		Doc: "The format with %s, %I and %L replaced by the arguments, as sprintf.", Example: "format('Hello %s', 'World') → Hello World", Kernel: rowwise(format)},
}

// joinKernel concatenates arguments that are not null. Each is appended for all rows of a batch in turn only within a row,
// so a result is written once whatever the number of operands.
func joinKernel(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
	for _, i := range sel {
		start := len(out.Data)
		for _, a := range args {
			out.Data = appendAsText(c, out.Data, a, i)
		}
		if len(out.Data)-start > maxValueBytes || len(out.Data) > maxColumnBytes {
			out.Data = out.Data[:start]
			c.Fail(i, tooLong())
			continue
		}
		out.SetEnd(int(i), start)
	}
}

// appendAsText appends the text of row i of v, which is not null. A boolean is written as its cast to text does, true and
// false.
func appendAsText(c *Ctx, dst []byte, v *vec.Vector, i int32) []byte {
	switch v.Type.ID {
	case types.Text, types.Varchar, types.Name, types.Bytea, types.Unknown:
		if !v.Type.Array {
			return append(dst, v.Bytes(int(i)&mask(v))...)
		}
	case types.Bool:
		if !v.Type.Array {
			return strconv.AppendBool(dst, v.Bool[int(i)&mask(v)] != 0)
		}
	}
	return c.appendText(dst, v.Type, v.Datum(int(i)))
}

// concatKernel is concat and concat_ws. The arguments are what was written, or one array (VARIADIC).
func concatKernel(separated bool) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		for _, i := range sel {
			rest, sep := args, []byte(nil)
			if separated {
				if args[0].IsNull(int(i)) {
					out.SetNull(int(i))
					continue
				}
				rest, sep = args[1:], args[0].Bytes(int(i)&mask(args[0]))
			}
			start, first := len(out.Data), true
			for _, a := range rest {
				if a.IsNull(int(i)) {
					continue
				}
				if !first {
					out.Data = append(out.Data, sep...)
				}
				out.Data, first = appendConcatArg(c, out.Data, a, i), false
			}
			out.SetEnd(int(i), start)
		}
	}
}

// appendConcatArg writes a boolean by its output form, t and f, which is what concat uses for all types.
func appendConcatArg(c *Ctx, dst []byte, v *vec.Vector, i int32) []byte {
	if v.Type == boolT {
		return c.appendText(dst, boolT, v.Datum(int(i)))
	}
	return appendAsText(c, dst, v, i)
}

// format is PostgreSQL's format(): %[position$][-][width]type.
func format(c *Ctx, args []types.Datum, ts []types.Type) (types.Datum, error) {
	if args[0].Null {
		return types.Null, nil
	}
	f := formatter{c: c, in: args[0].B, args: args[1:], types: ts[1:]}
	for len(f.in) > 0 {
		at := bytes.IndexByte(f.in, '%')
		if at < 0 {
			f.out = append(f.out, f.in...)
			break
		}
		f.out, f.in = append(f.out, f.in[:at]...), f.in[at+1:]
		if err := f.directive(); err != nil {
			return types.Null, err
		}
	}
	return types.NewBytes(f.out), nil
}

type formatter struct {
	c     *Ctx
	in    []byte
	out   []byte
	args  []types.Datum
	types []types.Type
	next  int
}

func (f *formatter) number() (n int, ok bool) {
	for len(f.in) > 0 && f.in[0] >= '0' && f.in[0] <= '9' && n < 1<<27 {
		n, ok = n*10+int(f.in[0]-'0'), true
		f.in = f.in[1:]
	}
	return n, ok
}

// directive reads what stands after a percent sign and writes its text.
func (f *formatter) directive() error {
	if len(f.in) > 0 && f.in[0] == '%' {
		f.out, f.in = append(f.out, '%'), f.in[1:]
		return nil
	}
	width, hasWidth := f.number()
	position := 0
	if hasWidth && len(f.in) > 0 && f.in[0] == '$' {
		if width == 0 {
			return sqlerr.New(sqlerr.InvalidParameterValue, "format specifies argument 0, but arguments are numbered from 1")
		}
		f.in, position, width, hasWidth = f.in[1:], width, 0, false
	}
	left := false
	if !hasWidth {
		for len(f.in) > 0 && f.in[0] == '-' {
			left, f.in = true, f.in[1:]
		}
		var err error
		if width, err = f.width(); err != nil {
			return err
		}
	}
	if len(f.in) == 0 {
		return sqlerr.New(sqlerr.InvalidParameterValue, "unterminated format() type specifier").
			WithHint(`For a single "%%" use "%%%%".`)
	}
	kind := f.in[0]
	f.in = f.in[1:]
	if kind != 's' && kind != 'I' && kind != 'L' {
		return sqlerr.New(sqlerr.InvalidParameterValue, `unrecognized format() type specifier "%c"`, kind).
			WithHint(`For a single "%%" use "%%%%".`)
	}
	d, t, err := f.arg(position)
	if err != nil {
		return err
	}
	text, err := f.convert(kind, d, t)
	if err != nil {
		return err
	}
	if max(width, -width) > maxValueBytes {
		return tooLong()
	}
	f.pad(text, width, left)
	return nil
}

// width reads a width: digits, or * or *n$ for an argument's value, whose sign may ask for the left.
func (f *formatter) width() (int, error) {
	if len(f.in) == 0 || f.in[0] != '*' {
		n, _ := f.number()
		return n, nil
	}
	f.in = f.in[1:]
	position, ok := f.number()
	if ok && len(f.in) > 0 && f.in[0] == '$' {
		f.in = f.in[1:]
	}
	d, t, err := f.arg(position)
	if err != nil || d.Null {
		return 0, err
	}
	if t.Kind() == types.KindInt32 || t.Kind() == types.KindInt64 {
		return int(d.I), nil
	}
	n, err := types.ParseInt(types.Int4, f.c.appendText(nil, t, d))
	return int(n), err
}

func (f *formatter) arg(position int) (types.Datum, types.Type, error) {
	if position > 0 {
		f.next = position - 1
	}
	if f.next >= len(f.args) {
		return types.Null, types.Type{}, sqlerr.New(sqlerr.InvalidParameterValue, "too few arguments for format()")
	}
	f.next++
	return f.args[f.next-1], f.types[f.next-1], nil
}

func (f *formatter) convert(kind byte, d types.Datum, t types.Type) ([]byte, error) {
	switch {
	case d.Null && kind == 'L':
		return []byte("NULL"), nil
	case d.Null && kind == 'I':
		return nil, sqlerr.New(sqlerr.NullValueNotAllowed, "null values cannot be formatted as an SQL identifier")
	case d.Null:
		return nil, nil
	}
	text := f.c.appendText(nil, t, d)
	switch kind {
	case 'I':
		return []byte(quoteIdent(string(text))), nil
	case 'L':
		return appendLiteral(nil, text), nil
	}
	return text, nil
}

func (f *formatter) pad(text []byte, width int, left bool) {
	if width < 0 {
		left, width = true, -width
	}
	blanks := bytes.Repeat(blank, max(width-int(runeCount(text)), 0))
	if left {
		f.out = append(append(f.out, text...), blanks...)
		return
	}
	f.out = append(append(f.out, blanks...), text...)
}
