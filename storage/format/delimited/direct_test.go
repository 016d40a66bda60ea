package delimited

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/format"
)

// TestDirect: lines that are read directly give what the general way gives: rows, errors with their context, and how much was consumed.
func TestDirect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opt := Text()
		if rapid.Bool().Draw(t, "csv") {
			opt = CSV()
		}
		opt.Context = "COPY t"
		opt.Null = rapid.SampledFrom([]string{opt.Null, opt.Null, "", "7", "null"}).Draw(t, "null")
		opt.Delimiter = rapid.SampledFrom([]byte{opt.Delimiter, opt.Delimiter, '|', '-', ' '}).Draw(t, "delimiter")
		ids := rapid.SliceOfN(rapid.SampledFrom([]types.ID{types.Int2, types.Int4, types.Int8, types.Text, types.Bool}), 1, 4).Draw(t, "columns")
		cols := make([]format.Column, len(ids))
		for i, id := range ids {
			cols[i] = format.Column{Name: string(rune('a' + i)), Type: types.T(id)}
		}
		if rapid.IntRange(0, 4).Draw(t, "options") == 0 {
			opt.ForceNull = []bool{true, false, true, false}[:len(cols)]
			opt.ForceNotNull = []bool{false, true, true, false}[:len(cols)]
		}
		input := drawInput(t, &opt, ids)
		step := rapid.IntRange(1, len(input)+1).Draw(t, "step")
		maxRows := rapid.IntRange(1, 20).Draw(t, "max")
		general := NewDecoder(opt, cols, nil)
		general.direct = nil
		want, end := read(general, cols, input, len(input)+1, 1)
		got, gotEnd := read(NewDecoder(opt, cols, nil), cols, input, step, maxRows)
		require.Equal(t, end, gotEnd)
		require.Equal(t, append([]string(nil), want[:len(got)]...), got) // the rows before an error in its batch are not given
		require.Less(t, len(want)-len(got), max(maxRows, 1))
	})
}

// drawInput draws lines, most of them of plain fields that fit.
func drawInput(t *rapid.T, opt *Options, ids []types.ID) []byte {
	odd := rapid.SampledFrom([]string{"", "7", "null", "-", "+5", " 1", "--2", "00000000012", "12345678", "1234567890123456", "12345678901234567",
		"9223372036854775808", "32768", "-2147483648", "\\N", "\\x", "a\tb", "1,2", "\"q\"", "\"", "é", "\xff", "\x00", "a\rb", "\\."})
	var input []byte
	for i := range rapid.IntRange(0, 30).Draw(t, "lines") {
		for c, id := range ids {
			if c > 0 {
				input = append(input, opt.Delimiter)
			}
			switch {
			case rapid.IntRange(0, 60).Draw(t, "odd") == 0:
				input = append(input, odd.Draw(t, "field")...)
			case id == types.Text:
				input = append(input, "some words of text"[:i%18]...)
			case id == types.Bool:
				input = append(input, "tf"[i%2])
			default:
				input = strconv.AppendInt(input, rapid.Int64Range(-32768, 32767).Draw(t, "n"), 10)
			}
		}
		input = append(input, rapid.SampledFrom([]string{"\n", "\n", "\n", "\n", "\n", "\n", "\n", "\n", "\n", "\n", "\n", "\r\n", "", "\n\n"}).Draw(t, "end")...)
	}
	return input
}

// read is all that a decoder gives of an input that comes step by step, in words: rows with their context, and how it ends.
func read(d *Decoder, cols []format.Column, input []byte, step, maxRows int) (out []string, end string) {
	b := vec.NewBatch(format.Types(cols), 0)
	for {
		n := min(step, len(input))
		d.Feed(input[:n])
		input = input[n:]
		if n == 0 {
			d.End()
		}
		for {
			rows, err := d.Next(b, maxRows)
			if err != nil {
				e := sqlerr.From(err)
				return out, fmt.Sprint(e.Code, e.Message, e.Where)
			}
			if rows == 0 {
				break
			}
			for i := range rows {
				line := d.Where(i)
				for _, c := range b.Cols {
					line += fmt.Sprintf(" %v", c.Datum(i))
				}
				out = append(out, line)
			}
		}
		if n == 0 {
			return out, fmt.Sprint(d.Consumed())
		}
	}
}

// TestReadDigits is every length of number, with every kind of byte behind it.
func TestReadDigits(t *testing.T) {
	for n := range 9 {
		for _, behind := range []byte{0, '\t', '\n', '/', ':', 'a', 0x80, 0xff} {
			var word [8]byte
			text := "98765432"[:n]
			for i := copy(word[:], text); i < 8; i++ {
				word[i] = behind
			}
			want, _ := strconv.ParseUint("0"+text, 10, 64)
			got, digits := readDigits(uint64(word[0]) | uint64(word[1])<<8 | uint64(word[2])<<16 | uint64(word[3])<<24 |
				uint64(word[4])<<32 | uint64(word[5])<<40 | uint64(word[6])<<48 | uint64(word[7])<<56)
			require.Equal(t, n, digits)
			require.Equal(t, want, got, "%q", word)
		}
	}
}
