package fn

// selectIntegers is selectFrom where one side may be a constant, as it mostly is: a comparison with it is then whether a value lies
// in a range, which takes one unsigned comparison for all operators. least and greatest are T's.
func selectIntegers[T int32 | int64](op comparison, a, b col[T], least, greatest T, sel, dst []int32) []int32 {
	if op == cmpNE || a.mask == b.mask || len(sel) == 0 {
		return selectFrom(op, a, b, sel, dst)
	}
	column, constant, left := a.s, b.s[0], a.mask == 0
	if left {
		column, constant = b.s, a.s[0]
	}
	lo, hi, some := least, greatest, true
	switch {
	case op == cmpEQ:
		lo, hi = constant, constant
	case op == cmpLE && left:
		lo = constant
	case op == cmpLE:
		hi = constant
	case left:
		lo, some = constant+1, constant < greatest
	default:
		hi, some = constant-1, constant > least
	}
	if !some {
		return dst
	}
	return selectWithin(column, lo, hi, sel, dst)
}

// selectWithin appends the rows of sel whose value is from lo to hi.
func selectWithin[T int32 | int64](s []T, lo, hi T, sel, dst []int32) []int32 {
	n := len(dst)
	dst = growSel(dst, len(sel))
	width := uint64(hi) - uint64(lo)
	if last := len(sel) - 1; int(sel[last]) == last { // as they ascend, it is all rows up to there
		for i, x := range s[:len(sel)] {
			dst[n] = int32(i)
			n += int(b2u(uint64(x)-uint64(lo) <= width))
		}
		return dst[:n]
	}
	for _, i := range sel {
		dst[n] = i
		n += int(b2u(uint64(s[i])-uint64(lo) <= width))
	}
	return dst[:n]
}
