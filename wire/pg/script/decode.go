package script

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names are the messages a server sends.
var names = map[byte]string{
	'1': "ParseComplete", '2': "BindComplete", '3': "CloseComplete", 'n': "NoData", 's': "PortalSuspended",
	'I': "EmptyQueryResponse", 'c': "CopyDone", 'C': "CommandComplete", 'Z': "ReadyForQuery", 't': "ParameterDescription",
	'T': "RowDescription", 'D': "DataRow", 'E': "ErrorResponse", 'N': "NoticeResponse", 'S': "ParameterStatus",
	'K': "BackendKeyData", 'R': "Authentication", 'G': "CopyInResponse", 'H': "CopyOutResponse", 'd': "CopyData",
	'v': "NegotiateProtocolVersion", 'A': "NotificationResponse",
}

// reader takes a body apart; past its end everything is zero.
type reader []byte

func (r *reader) take(n int) []byte {
	if n > len(*r) || n < 0 {
		*r = nil
		return make([]byte, max(n, 0))
	}
	b := (*r)[:n]
	*r = (*r)[n:]
	return b
}

func (r *reader) int16() int { return int(int16(binary.BigEndian.Uint16(r.take(2)))) }
func (r *reader) int32() int { return int(int32(binary.BigEndian.Uint32(r.take(4)))) }
func (r *reader) str() string {
	s, rest, _ := strings.Cut(string(*r), "\x00")
	*r = reader(rest)
	return s
}

// decode is how a message is shown.
func decode(typ byte, b []byte, verbose bool) string {
	r := reader(b)
	name := names[typ]
	switch typ {
	case 'C', 'd':
		return name + " " + show(strings.TrimSuffix(string(b), "\x00"))
	case 'A':
		r.int32() // who has sent it differs from run to run
		channel := r.str()
		return name + " " + show(channel) + " " + show(r.str())
	case 'Z':
		return name + " " + string(b)
	case 't':
		out := name
		for range r.int16() {
			out += fmt.Sprintf(" %d", r.int32())
		}
		return out
	case 'T':
		return name + rowDescription(&r)
	case 'D':
		return name + dataRow(&r)
	case 'E', 'N':
		return name + " " + report(&r, verbose)
	case 'S':
		return name + " " + r.str() + "=" + show(r.str())
	case 'R':
		return fmt.Sprintf("%s %d", name, r.int32())
	case 'K':
		return fmt.Sprintf("%s key of %d bytes", name, len(b)-4)
	case 'v':
		out := fmt.Sprintf("%s 3.%d", name, r.int32()&0xffff)
		for range r.int32() {
			out += " " + r.str()
		}
		return out
	case 'G', 'H':
		out := fmt.Sprintf("%s %d:", name, r.take(1)[0])
		for range r.int16() {
			out += fmt.Sprintf(" %d", r.int16())
		}
		return out
	}
	if name == "" {
		return fmt.Sprintf("message %q %x", typ, b)
	}
	return name
}

// rowDescription shows name:type:length:modifier:format of each column.
func rowDescription(r *reader) string {
	out := ""
	for range r.int16() {
		name := r.str()
		table, attr := r.int32(), r.int16()
		out += fmt.Sprintf(" %s:%d:%d:%d:%d", name, r.int32(), r.int16(), r.int32(), r.int16())
		if table != 0 || attr != 0 {
			out += ":of-a-table"
		}
	}
	return out
}

func dataRow(r *reader) string {
	out := ""
	for range r.int16() {
		n := r.int32()
		if n < 0 {
			out += " null"
			continue
		}
		out += " " + show(string(r.take(n)))
	}
	return out
}

// report shows severity, SQLSTATE, message and position; with verbose also the rest that is meant for people.
func report(r *reader, verbose bool) string {
	fields := map[byte]string{}
	for len(*r) > 0 && (*r)[0] != 0 {
		key := r.take(1)[0]
		fields[key] = r.str()
	}
	out := fields['V'] + " " + fields['C'] + " " + show(fields['M'])
	for _, f := range []struct {
		key     byte
		name    string
		verbose bool
	}{
		{'P', "position", false}, {'D', "detail", true}, {'H', "hint", true}, {'W', "where", true}, {'s', "schema", true},
		{'t', "table", true}, {'c', "column", true}, {'d', "type", true}, {'n', "constraint", true},
	} {
		if v := fields[f.key]; v != "" && (verbose || !f.verbose) {
			out += " " + f.name + "=" + show(v)
		}
	}
	return out
}

// show is a value as a plain word, a quoted string, or hexadecimal where it is no text.
func show(s string) string {
	plain := s != "" && s != "null" && !strings.HasPrefix(s, "0x")
	for _, c := range s {
		if c == utf8.RuneError || c != '\n' && c != '\t' && !unicode.IsPrint(c) {
			return fmt.Sprintf("0x%x", s)
		}
		plain = plain && (unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("_-.", c))
	}
	if plain {
		return s
	}
	return strconv.Quote(s)
}
