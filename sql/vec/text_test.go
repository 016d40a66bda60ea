package vec_test

import (
	"fmt"
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestColumnCodecs checks that columns are written and read as single values are, in both forms.
func TestColumnCodecs(t *testing.T) {
	ts := append([]types.Type{types.T(types.Timestamp), types.T(types.Timestamptz), types.T(types.Date), types.T(types.Float4),
		types.T(types.Bytea), types.T(types.OID), types.NumericType(30, 2), types.T(types.Timestamp).WithTypmod(0)}, columnTypes...)
	rapid.Check(t, func(t *rapid.T) {
		typ := rapid.SampledFrom(ts).Draw(t, "type")
		text, bin := vec.New(typ, 0), vec.New(typ, 0)
		putText, putBin := vec.TextDecoder(typ, nil), vec.BinaryDecoder(typ)
		getText, getBin := vec.TextEncoder(typ, nil), vec.BinaryEncoder(typ)
		for i := range rapid.IntRange(0, 4).Draw(t, "rows") {
			d := drawDatum(t, typ)
			if d.Null {
				text.Append(d)
				bin.Append(d)
				continue
			}
			want := types.AppendText(nil, typ, d)
			require.NoError(t, putText(text, want))
			require.NoError(t, putBin(bin, types.AppendBinary(nil, typ, d)))
			for _, v := range []*vec.Vector{text, bin} {
				require.Equal(t, string(want), string(getText(nil, v, i)))
				require.Equal(t, types.AppendBinary(nil, typ, d), getBin(nil, v, i))
			}
		}
		require.Equal(t, text.Len(), bin.Len())
	})
}

func TestDecoderLeavesColumnOnError(t *testing.T) {
	for _, typ := range columnTypes {
		v := vec.New(typ, 0)
		for _, bad := range []string{"\xff", "{", "x y z"} {
			before := v.Len()
			if vec.TextDecoder(typ, nil)(v, []byte(bad)) != nil {
				require.Equal(t, before, v.Len(), "%v %q", typ, bad)
			}
		}
	}
}

func BenchmarkText(b *testing.B) {
	for _, c := range []struct {
		typ  types.Type
		text string
	}{
		{types.T(types.Int4), "1234567"}, {types.T(types.Int8), "1234567890123"}, {types.T(types.Float8), "1234.5678"},
		{types.T(types.Bool), "t"}, {types.T(types.Text), "a text of some length"},
		{types.T(types.Timestamp), "2015-07-15 12:34:56.789"}, {types.T(types.Timestamptz), "2015-07-15 12:34:56.789+00"},
		{types.T(types.Date), "2015-07-15"}, {types.NumericType(12, 2), "12345.67"}, {types.T(types.Numeric), "12345.67"},
		{types.T(types.UUID), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}, {types.T(types.JSONB), `{"a": 1, "b": [true, null]}`},
	} {
		text := []byte(c.text)
		b.Run(fmt.Sprintf("decode/%s", c.typ), func(b *testing.B) {
			b.ReportAllocs()
			decode, v := vec.TextDecoder(c.typ, nil), vec.New(c.typ, 1024)
			for n := 0; b.Loop(); n++ {
				if n%1024 == 0 {
					data := v.Data[:0]
					v.Reset(c.typ)
					v.Data = data
				}
				if err := decode(v, text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("encode/%s", c.typ), func(b *testing.B) {
			b.ReportAllocs()
			v := vec.New(c.typ, 1)
			require.NoError(b, vec.TextDecoder(c.typ, nil)(v, text))
			encode, buf := vec.TextEncoder(c.typ, nil), make([]byte, 0, 256)
			for b.Loop() {
				buf = encode(buf[:0], v, 0)
			}
		})
	}
}
