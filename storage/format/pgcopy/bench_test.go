package pgcopy

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/format"
)

// benchmarks are rows by what is in them; the line is of the format csv or text.
var benchmarks = []struct{ name, columns, options, line string }{
	{"text/two-ints", "a int, b int", "", "%d\t%d\n"},
	{"text/bigint-text", "a bigint, b text", "", "%d\tsome words of text %d\n"},
	{"text/escaped", "a int, b text", "", "%d\tsome\\twords %d\n"},
	{"text/timestamp-float", "a timestamp, b float8", "", "2020-01-01 00:00:%.6d\t%d.25\n"},
	{"csv/two-ints", "a int, b int", "(format csv)", "%d,%d\n"},
	{"csv/quoted", "a int, b text", "(format csv)", "%d,\"some, words %d\"\n"},
	{"csv/quoted-escapes", "a int, b text", "(format csv)", "%d,\"some \"\"words\"\" %d\"\n"},
}

const benchmarkRows = 4096

// chunk is what a client sends at once.
const chunk = 64 << 10

func BenchmarkDecode(b *testing.B) {
	for _, k := range benchmarks {
		b.Run(k.name, func(b *testing.B) {
			var input []byte
			for i := range benchmarkRows {
				first := i * 37
				if k.columns[2:4] == "ti" {
					first = i % 60
					input = fmt.Appendf(input, "2020-01-01 00:00:%02d.5\t%d.25\n", first, i)
					continue
				}
				input = fmt.Appendf(input, k.line, first, i)
			}
			b.SetBytes(int64(len(input)) / benchmarkRows)
			b.ReportAllocs()
			for n := 0; n < b.N; n += benchmarkRows {
				require.Equal(b, benchmarkRows, decodeAll(b, k.columns, k.options, input))
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}

func decodeAll(b *testing.B, columns, options string, input []byte) (rows int) {
	o, batch := benchmarkOptions(b, columns, options, true)
	d := o.Decoder(nil)
	for len(input) > 0 {
		n := min(chunk, len(input))
		d.Feed(input[:n])
		input = input[n:]
		for {
			n, err := d.Next(batch, vec.BatchSize)
			require.NoError(b, err)
			if n == 0 {
				break
			}
			rows += n
		}
	}
	return rows
}

func BenchmarkEncode(b *testing.B) {
	for _, k := range benchmarks {
		b.Run(k.name, func(b *testing.B) {
			in, batch := benchmarkOptions(b, k.columns, "", true)
			d := in.Decoder(nil)
			for i := range vec.BatchSize {
				if k.columns[2:4] == "ti" {
					d.Feed(fmt.Appendf(nil, "2020-01-01 00:00:%02d.5\t%d.25\n", i%60, i))
					continue
				}
				d.Feed(fmt.Appendf(nil, "%d\t%d\n", i*37, i))
			}
			_, err := d.Next(batch, vec.BatchSize)
			require.NoError(b, err)
			o, _ := benchmarkOptions(b, k.columns, k.options, false)
			e := o.Encoder(nil)
			b.ReportAllocs()
			var out []byte
			b.ResetTimer()
			for n := 0; n < b.N; n += vec.BatchSize {
				out = e.Rows(out[:0], batch)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}

func benchmarkOptions(b *testing.B, columns, options string, from bool) (*Options, *vec.Batch) {
	cols := parseColumns(b, columns)
	var list []*ast.Option
	if options != "" {
		list = parseOptions(options)
	}
	o, err := Parse(list, Target{From: from, Table: "t", Columns: cols})
	require.NoError(b, err)
	return o, vec.NewBatch(format.Types(cols), vec.BatchSize)
}
