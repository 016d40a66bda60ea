package fn

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
)

// numberToCharFuncs print numbers by a template. The writer follows PostgreSQL's formatting.c, whose rules for blanks,
// signs and FM are its own.
var numberToCharFuncs = func() []*Func {
	var fs []*Func
	for _, t := range []types.Type{int4T, int8T, numericT, float4T, float8T} {
		fs = append(fs, &Func{Name: "to_char", Args: args(t, textT), Ret: textT, Vol: Stable, Doc: "The number by a template.", Example: "to_char(125, '999') →  125",
			Kernel: rowwise(charNumber)})
	}
	return fs
}()

// numberTemplate is what a template says as a whole.
type numberTemplate struct {
	nodes                                            []templateNode
	pre, post, multi                                 int
	zero, decimal, fill, lsign, bracket, minus, plus bool
	roman, exponent, multiply, blank                 bool
	zeroStart, zeroEnd, preSign                      int
	signAfter                                        bool // S stands behind the number
}

func numberSyntax(text string, args ...any) error {
	return sqlerr.New(sqlerr.SyntaxError, text, args...)
}

func newNumberTemplate(text []byte) (*numberTemplate, error) {
	t := &numberTemplate{}
	t.nodes, _ = numberTemplates.get(text, false)
	for _, n := range t.nodes {
		if n.key != "" {
			if err := t.add(n.upper); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// add takes a keyword into account.
func (t *numberTemplate) add(key string) error {
	if t.exponent && key != "EEEE" {
		return numberSyntax(`"EEEE" must be the last pattern used`)
	}
	switch key {
	case "9", "0":
		if t.bracket {
			return numberSyntax(`"%s" must be ahead of "PR"`, key)
		}
		t.digit(key == "0")
	case "B":
		t.blank = t.blank || t.pre == 0 && t.post == 0 && !t.zero
	case "D", ".":
		if t.decimal {
			return numberSyntax("multiple decimal points")
		}
		if t.multiply {
			return numberSyntax(`cannot use "V" and decimal point together`)
		}
		t.decimal = true
	case "FM":
		t.fill = true
	case "V":
		if t.decimal {
			return numberSyntax(`cannot use "V" and decimal point together`)
		}
		t.multiply = true
	case "RN":
		t.roman = true
	case "EEEE":
		if t.exponent {
			return numberSyntax(`cannot use "EEEE" twice`)
		}
		if t.blank || t.fill || t.lsign || t.bracket || t.minus || t.plus || t.roman || t.multiply {
			return sqlerr.New(sqlerr.SyntaxError, `"EEEE" is incompatible with other formats`).
				WithDetail(`"EEEE" may only be used together with digit and decimal point patterns.`)
		}
		t.exponent = true
	default:
		return t.sign(key)
	}
	return nil
}

func (t *numberTemplate) digit(zero bool) {
	if t.multiply && !zero {
		t.multi++
		return
	}
	if zero && !t.zero && !t.decimal {
		t.zero, t.zeroStart = true, t.pre
	}
	if t.decimal {
		t.post++
	} else {
		t.pre++
	}
	if zero {
		t.zeroEnd = t.pre + t.post
	}
}

func (t *numberTemplate) sign(key string) error {
	switch key {
	case "S":
		if t.lsign {
			return numberSyntax(`cannot use "S" twice`)
		}
		if t.plus || t.minus || t.bracket {
			return numberSyntax(`cannot use "S" and "PL"/"MI"/"SG"/"PR" together`)
		}
		t.lsign, t.signAfter, t.preSign = true, t.decimal, t.pre
	case "MI", "PL", "SG":
		if t.lsign {
			return numberSyntax(`cannot use "S" and "%s" together`, key)
		}
		t.minus = t.minus || key != "PL"
		t.plus = t.plus || key != "MI"
	case "PR":
		if t.lsign || t.plus || t.minus {
			return numberSyntax(`cannot use "PR" and "S"/"PL"/"MI"/"SG" together`)
		}
		t.bracket = true
	}
	return nil
}

func charNumber(_ *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	if len(a[1].B) == 0 {
		return types.Null, nil
	}
	t, err := newNumberTemplate(a[1].B)
	if err != nil {
		return types.Null, err
	}
	switch {
	case t.roman:
		return types.NewBytes(t.write(roman(a[0], ts[0]), '+', 0)), nil
	case t.exponent:
		return types.NewText(t.scientific(a[0], ts[0])), nil
	}
	text, err := t.digits(a[0], ts[0])
	if err != nil {
		return types.Null, err
	}
	sign := byte('+')
	if text[0] == '-' {
		sign, text = '-', text[1:]
	}
	pre := strings.IndexByte(text, '.')
	if pre < 0 {
		pre = len(text)
	}
	blanks := max(t.pre-pre, 0)
	if pre > t.pre {
		text = strings.Repeat("#", t.pre) + "." + strings.Repeat("#", t.post)
	}
	return types.NewBytes(t.write(text, sign, blanks)), nil
}

// digits is the number rounded to the template's places, multiplied for V.
func (t *numberTemplate) digits(d types.Datum, typ types.Type) (string, error) {
	t.pre += t.multi
	if typ.Kind() == types.KindFloat {
		f := d.F * math.Pow10(t.multi)
		most := 15
		if typ.ID == types.Float4 {
			most = 6
		}
		whole := len(strconv.FormatFloat(math.Abs(f), 'f', 0, 64))
		if whole >= most {
			t.post = 0
		} else if whole+t.post > most {
			t.post = most - whole
		}
		return strconv.FormatFloat(f, 'f', t.post, 64), nil
	}
	n := decimal.FromInt(d.I)
	if typ.ID == types.Numeric {
		n = toDecimal(typ, d)
	}
	var err error
	for range t.multi {
		if n, err = n.Mul(decimal.FromInt(10)); err != nil {
			return "", err
		}
	}
	n, err = n.Round(t.post)
	return n.String(), err
}

// scientific is EEEE: one digit before the point, blanks for a sign.
func (t *numberTemplate) scientific(d types.Datum, typ types.Type) string {
	text := ""
	switch {
	case typ.Kind() == types.KindFloat:
		text = strconv.FormatFloat(d.F, 'e', t.post, 64)
	case typ.ID == types.Numeric:
		text = scientific(toDecimal(typ, d), t.post)
	case typ.ID == types.Int8:
		text = scientific(decimal.FromInt(d.I), t.post)
	default:
		text = strconv.FormatFloat(float64(d.I), 'e', t.post, 64)
	}
	if !strings.Contains(text, "e") {
		return " " + strings.Repeat("#", t.pre) + "." + strings.Repeat("#", t.post+4)
	}
	if text[0] != '-' {
		text = " " + text
	}
	return text
}

// scientific rounds to one digit before the point and places after it. A mantissa that is rounded up to ten stays so, as
// PostgreSQL's numeric_out_sci leaves it.
func scientific(d decimal.Decimal, places int) string {
	text := d.Abs().String()
	whole, fraction, _ := strings.Cut(text, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	exponent := len(whole) - 1 - (len(whole+fraction) - len(digits))
	if digits == "" {
		digits, exponent = "0", 0
	}
	if len(digits) > places+1 {
		n, err := decimal.Parse([]byte(digits[:places+1] + "." + digits[places+1:]))
		if err != nil {
			return text
		}
		r, _ := n.Round(0)
		digits = r.String()
	}
	digits += strings.Repeat("0", max(places+1-len(digits), 0))
	if point := len(digits) - places; places > 0 {
		digits = digits[:point] + "." + digits[point:]
	}
	sign := ""
	if d.Sign() < 0 {
		sign = "-"
	}
	return fmt.Sprintf("%s%se%+03d", sign, digits, exponent)
}

func roman(d types.Datum, typ types.Type) string {
	f := float64(d.I)
	switch {
	case typ.Kind() == types.KindFloat:
		f = d.F
	case typ.ID == types.Numeric:
		f, _ = toDecimal(typ, d).Float(64)
	}
	n := int(math.Round(f))
	if n < 1 || n > 3999 {
		return strings.Repeat("#", 15)
	}
	var b strings.Builder
	for _, r := range []struct {
		v int
		s string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= r.v; n -= r.v {
			b.WriteString(r.s)
		}
	}
	return b.String()
}
