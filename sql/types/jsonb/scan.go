package jsonb

// skip is the position behind the value that starts at b[i].
func skip(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = skipString(b, i)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ':
			i++
		default:
			for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' {
				i++
			}
		}
		if depth <= 0 {
			return i
		}
	}
	return len(b)
}

// skipString is the position behind the string whose opening quote is b[i].
func skipString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

// walker walks over the members of an object or the elements of an array.
type walker struct {
	b      []byte
	pos    int
	object bool
}

// members iterates over the container b; over nothing when b is a scalar.
func members(b []byte) walker {
	if !isContainer(b) {
		return walker{}
	}
	return walker{b: b, pos: 1, object: b[0] == '{'}
}

func isContainer(b []byte) bool { return len(b) > 0 && (b[0] == '{' || b[0] == '[') }

// next gives the next value, and in an object its key, quoted.
func (it *walker) next() (key, value []byte, ok bool) {
	b := it.b
	for it.pos < len(b) && (b[it.pos] == ',' || b[it.pos] == ' ') {
		it.pos++
	}
	if it.pos >= len(b) || b[it.pos] == '}' || b[it.pos] == ']' {
		return nil, nil, false
	}
	if it.object {
		end := skipString(b, it.pos)
		key = b[it.pos:end]
		it.pos = min(end+2, len(b)) // ": "
	}
	end := skip(b, it.pos)
	value = b[it.pos:end]
	it.pos = end
	return key, value, true
}

// Len is how many elements or members a container has.
func Len(b []byte) int {
	n := 0
	for it := members(b); ; n++ {
		if _, _, ok := it.next(); !ok {
			return n
		}
	}
}

// appendUnquoted adds the characters of a quoted string.
func appendUnquoted(dst, quoted []byte) []byte {
	if len(quoted) < 2 {
		return dst
	}
	s := quoted[1 : len(quoted)-1]
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '\\' || i+1 >= len(s) {
			dst = append(dst, c)
			continue
		}
		i++
		switch s[i] {
		case 'b':
			c = '\b'
		case 'f':
			c = '\f'
		case 'n':
			c = '\n'
		case 'r':
			c = '\r'
		case 't':
			c = '\t'
		case 'u': // only control characters are spelled so
			if i+4 < len(s) {
				c = hexDigit(s[i+3])<<4 | hexDigit(s[i+4])
			}
			i += 4
		default:
			c = s[i]
		}
		dst = append(dst, c)
	}
	return dst
}

func hexDigit(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}
