package fn

import "strings"

// numberWriter is NUM_processor: it walks the template along the digits.
type numberWriter struct {
	t        *numberTemplate
	out      []byte
	number   string
	at       int // in number
	curr     int // digit positions of the template done
	count    int
	blanks   int
	relevant int // the last digit worth printing under FM, or -1
	sign     byte
	signDone bool
	inNumber bool
}

func (t *numberTemplate) write(number string, sign byte, blanks int) []byte {
	w := numberWriter{t: t, number: number, sign: sign, blanks: blanks, relevant: -1}
	w.prepare()
	for i := range t.nodes {
		n := &t.nodes[i]
		if n.key == "" {
			w.out = append(w.out, n.literal...)
		} else {
			w.keyword(n.key)
		}
	}
	return w.out
}

// prepare decides where the sign goes and what FM cuts off.
func (w *numberWriter) prepare() {
	t := w.t
	if t.plus || t.minus {
		w.signDone = !(t.plus && !t.minus)
	} else {
		if w.sign != '-' && t.bracket && t.fill {
			t.bracket = false
		}
		w.signDone = w.sign == '+' && t.fill && !t.lsign
		if t.lsign && !t.signAfter && t.pre == t.preSign {
			t.signAfter = true
		}
	}
	w.count = t.post + t.pre - 1
	if t.fill && t.decimal {
		w.relevant = lastRelevant(w.number)
		if w.relevant >= 0 && t.zeroEnd > w.blanks {
			w.relevant = max(w.relevant, min(len(w.number)-1, t.zeroEnd-w.blanks))
		}
	}
	if !w.signDone && w.blanks == 0 {
		w.count++
	}
}

// lastRelevant is the last digit behind the point that is not zero, or the point; -1 without one.
func lastRelevant(number string) int {
	point := strings.IndexByte(number, '.')
	if point < 0 {
		return -1
	}
	last := point
	for i := point; i < len(number); i++ {
		if number[i] != '0' {
			last = i
		}
	}
	return last
}

func (w *numberWriter) keyword(key string) {
	put := func(b byte, silent bool) {
		switch {
		case !silent:
			w.out = append(w.out, b)
		case !w.t.fill:
			w.out = append(w.out, ' ')
		}
	}
	switch upper := strings.ToUpper(key); upper {
	case "9", "0", ".", "D":
		w.digit(upper)
	case ",", "G":
		put(',', !w.inNumber)
	case "L":
		w.out = append(w.out, ' ')
	case "RN":
		text := w.number
		if key == "rn" {
			text = strings.ToLower(text)
		}
		if !w.t.fill {
			text = strings.Repeat(" ", max(15-len(text), 0)) + text
		}
		w.out = append(w.out, text...)
	case "TH":
		if !w.t.roman && w.number[0] != '#' && w.sign != '-' && !w.t.decimal {
			w.out = append(w.out, ordinalOf([]byte(w.number), key)...)
		}
	case "MI":
		put('-', w.sign != '-')
	case "PL":
		put('+', w.sign != '+')
	case "SG":
		w.out = append(w.out, w.sign)
	}
}

// beforePoint reports whether the digit is the lonely zero before the point, which prints as a blank: " .1".
func (w *numberWriter) beforePoint() bool {
	return !w.t.zero && w.at == 0 && w.number[0] == '0' && w.t.post != 0
}

func (w *numberWriter) relevantPoint() bool { return w.relevant >= 0 && w.number[w.relevant] == '.' }

// digit is NUM_numpart_to_char: the sign where the number begins, then a blank, a zero, the point or a digit.
func (w *numberWriter) digit(key string) {
	t := w.t
	if t.roman {
		return
	}
	w.inNumber = false
	if !w.signDone && (w.curr >= w.blanks || t.zero && t.zeroStart == w.curr) && (!w.beforePoint() || w.relevantPoint()) {
		w.leadingSign()
	}
	switch {
	case w.curr < w.blanks && (t.zeroStart > w.curr || !t.zero):
		if !t.fill {
			w.out = append(w.out, ' ')
		}
	case t.zero && w.curr < w.blanks && t.zeroStart <= w.curr:
		w.out, w.inNumber = append(w.out, '0'), true
	default:
		w.fromNumber(key)
	}
	w.trailingSign()
	w.curr++
}

func (w *numberWriter) leadingSign() {
	switch {
	case w.t.lsign:
		if !w.t.signAfter {
			w.out, w.signDone = append(w.out, w.sign), true
		}
	case w.t.bracket:
		w.out, w.signDone = append(w.out, map[byte]byte{'+': ' ', '-': '<'}[w.sign]), true
	case w.sign == '+':
		if !w.t.fill {
			w.out = append(w.out, ' ')
		}
		w.signDone = true
	default:
		w.out, w.signDone = append(w.out, '-'), true
	}
}

// fromNumber prints the next character of the number.
func (w *numberWriter) fromNumber(key string) {
	if w.at >= len(w.number) {
		return
	}
	c := w.number[w.at]
	switch {
	case c == '.':
		if !w.relevantPoint() || w.t.fill {
			w.out = append(w.out, '.')
		}
	case w.relevant >= 0 && w.at > w.relevant && key != "0":
	case w.beforePoint():
		if !w.t.fill {
			w.out = append(w.out, ' ')
		} else if w.relevantPoint() {
			w.out = append(w.out, '0')
		}
	default:
		w.out, w.inNumber = append(w.out, c), true
	}
	w.at++
}

func (w *numberWriter) trailingSign() {
	end := w.count
	if w.blanks > 0 {
		end++
	}
	if w.t.decimal {
		end++
	}
	if w.relevant >= 0 && w.relevant == w.at {
		end = w.curr
	}
	if w.curr+1 != end {
		return
	}
	switch {
	case w.signDone && w.t.bracket:
		w.out = append(w.out, map[byte]byte{'+': ' ', '-': '>'}[w.sign])
	case w.t.lsign && w.t.signAfter:
		w.out = append(w.out, w.sign)
	}
}
