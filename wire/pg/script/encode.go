package script

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// body builds a message's body.
type body []byte

func (b body) str(s string) body   { return append(append(b, s...), 0) }
func (b body) int16(n int) body    { return binary.BigEndian.AppendUint16(b, uint16(n)) }
func (b body) int32(n int) body    { return binary.BigEndian.AppendUint32(b, uint32(n)) }
func (b body) frame(t byte) []byte { return append(body{t}.int32(len(b)+4), b...) }

// encode makes the message that a line of a file describes. ready says that the server answers it with ReadyForQuery.
func encode(line string) (msg []byte, ready bool, err error) {
	words, err := split(line)
	if err != nil {
		return nil, false, err
	}
	arg := func(i int) string {
		if i < len(words) {
			return words[i].text
		}
		return ""
	}
	var b body
	switch words[0].text {
	case "Query":
		return b.str(arg(1)).frame('Q'), true, nil
	case "Sync":
		return b.frame('S'), true, nil
	case "Parse":
		b = b.str(arg(1)).str(arg(2)).int16(max(len(words)-3, 0))
		for i := 3; i < len(words); i++ {
			oid, err := strconv.Atoi(arg(i))
			if err != nil {
				return nil, false, err
			}
			b = b.int32(oid)
		}
		return b.frame('P'), false, nil
	case "Bind":
		b, err = bind(words)
		return b.frame('B'), false, err
	case "Describe":
		return append(b, arg(1)...).str(arg(2)).frame('D'), false, nil
	case "Close":
		return append(b, arg(1)...).str(arg(2)).frame('C'), false, nil
	case "Execute":
		n, _ := strconv.Atoi(arg(2)) // none is 0: no limit
		return b.str(arg(1)).int32(n).frame('E'), false, nil
	case "Flush":
		return b.frame('H'), false, nil
	case "Terminate":
		return b.frame('X'), false, nil
	case "CopyData":
		return append(b, arg(1)...).frame('d'), false, nil
	case "CopyDone":
		return b.frame('c'), false, nil
	case "CopyFail":
		return b.str(arg(1)).frame('f'), false, nil
	}
	return nil, false, fmt.Errorf("unknown message %q", words[0].text)
}

func bind(words []word) (body, error) {
	var b body
	var in, out []string
	var values []word
	for _, w := range words[min(3, len(words)):] {
		switch {
		case !w.quoted && strings.HasPrefix(w.text, "in="):
			in = strings.Split(w.text[3:], ",")
		case !w.quoted && strings.HasPrefix(w.text, "out="):
			out = strings.Split(w.text[4:], ",")
		default:
			values = append(values, w)
		}
	}
	for i := 1; i <= 2; i++ {
		name := ""
		if i < len(words) {
			name = words[i].text
		}
		b = b.str(name)
	}
	b = formats(b, in).int16(len(values))
	for _, v := range values {
		raw := []byte(v.text)
		if !v.quoted && v.text == "null" {
			b = b.int32(-1)
			continue
		}
		if !v.quoted && strings.HasPrefix(v.text, "0x") {
			var err error
			if raw, err = hex.DecodeString(v.text[2:]); err != nil {
				return nil, err
			}
		}
		b = append(b.int32(len(raw)), raw...)
	}
	return formats(b, out), nil
}

func formats(b body, list []string) body {
	b = b.int16(len(list))
	for _, f := range list {
		n, _ := strconv.Atoi(f) // a wrong number is for the server to refuse
		b = b.int16(n)
	}
	return b
}

// word is a part of a line. A quoted word is never a keyword.
type word struct {
	text   string
	quoted bool
}

// split cuts a line into words and Go-quoted strings.
func split(line string) ([]word, error) {
	var words []word
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if line[0] != '"' {
			text, rest, _ := strings.Cut(line, " ")
			words = append(words, word{text: text})
			line = rest
			continue
		}
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, line)
		}
		text, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, err
		}
		words = append(words, word{text, true})
		line = line[len(quoted):]
	}
	return words, nil
}
