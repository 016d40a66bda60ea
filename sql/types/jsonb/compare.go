package jsonb

import (
	"bytes"
	"cmp"

	"github.com/streamdb/streamdb/sql/types/decimal"
)

// rank is the order of the kinds of values, as PostgreSQL's enum jbvType.
type rank uint8

const (
	rankNull rank = iota
	rankString
	rankNumber
	rankBool
	rankArray
	rankObject
)

func rankOf(b []byte) rank {
	if len(b) == 0 {
		return rankNull
	}
	switch b[0] {
	case '{':
		return rankObject
	case '[':
		return rankArray
	case '"':
		return rankString
	case 't', 'f':
		return rankBool
	case 'n':
		return rankNull
	}
	return rankNumber
}

// Compare is the order of PostgreSQL's jsonb_cmp. At the top a scalar counts as an array of one element, so that it comes
// behind the empty array and before every array of one.
func Compare(a, b []byte) int {
	if bytes.Equal(a, b) {
		return 0
	}
	ra, rb := rankOf(a), rankOf(b)
	if ra < rankArray && rb == rankArray {
		return compareScalarToArray(b)
	}
	if rb < rankArray && ra == rankArray {
		return -compareScalarToArray(a)
	}
	return compare(a, b)
}

func compareScalarToArray(array []byte) int {
	if Len(array) == 0 {
		return 1
	}
	return -1
}

// compare orders two values of which neither is a scalar at the top beside an array.
func compare(a, b []byte) int {
	ra, rb := rankOf(a), rankOf(b)
	if ra != rb {
		return cmp.Compare(ra, rb)
	}
	switch ra {
	case rankString:
		return compareStrings(a, b)
	case rankNumber:
		return compareNumbers(a, b)
	case rankBool:
		return bytes.Compare(a, b) // false before true
	case rankArray, rankObject:
		return compareContainers(a, b)
	}
	return 0
}

// compareContainers goes by the number of members, then member by member, the key before the value.
func compareContainers(a, b []byte) int {
	if c := cmp.Compare(Len(a), Len(b)); c != 0 {
		return c
	}
	x, y := members(a), members(b)
	for {
		ka, va, oka := x.next()
		kb, vb, okb := y.next()
		if !oka || !okb {
			return 0
		}
		if x.object {
			if c := compareStrings(ka, kb); c != 0 {
				return c
			}
		}
		if c := compare(va, vb); c != 0 {
			return c
		}
	}
}

func compareStrings(a, b []byte) int {
	if bytes.IndexByte(a, '\\') < 0 && bytes.IndexByte(b, '\\') < 0 && len(a) > 1 && len(b) > 1 {
		return bytes.Compare(a[1:len(a)-1], b[1:len(b)-1])
	}
	return bytes.Compare(appendUnquoted(nil, a), appendUnquoted(nil, b))
}

func compareNumbers(a, b []byte) int {
	if bytes.Equal(a, b) {
		return 0
	}
	x, errx := decimal.Parse(a)
	y, erry := decimal.Parse(b)
	if errx != nil || erry != nil {
		return bytes.Compare(a, b)
	}
	return x.Cmp(y)
}

// AppendKey adds bytes that are equal exactly when the values are: v with its numbers in their shortest form.
func AppendKey(dst, v []byte) []byte {
	if bytes.IndexByte(v, '.') < 0 {
		return append(dst, v...)
	}
	for i := 0; i < len(v); {
		switch c := v[i]; {
		case c == '"':
			end := skipString(v, i)
			dst = append(dst, v[i:end]...)
			i = end
		case c == '-' || c >= '0' && c <= '9':
			end := skip(v, i)
			dst = appendNumberKey(dst, v[i:end])
			i = end
		default:
			dst = append(dst, c)
			i++
		}
	}
	return dst
}

// appendNumberKey drops the zeros at the end of a fraction. Canonical numbers have no exponent and no negative zero.
func appendNumberKey(dst, num []byte) []byte {
	if bytes.IndexByte(num, '.') >= 0 {
		num = bytes.TrimRight(bytes.TrimRight(num, "0"), ".")
	}
	return append(dst, num...)
}
