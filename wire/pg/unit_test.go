package pg

import (
	"context"
	"encoding/binary"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/settings"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

func TestPosition(t *testing.T) {
	for _, tc := range []struct {
		query  string
		offset int
		want   int
	}{
		{"SELECT x", 0, 0}, // unknown
		{"SELECT x", 1, 1},
		{"SELECT x", 8, 8},
		{"SELECT 'ä', x", 13, 12},
		{"SELECT '日本', x", 17, 13},
		{"SELECT", 7, 7},   // at the end
		{"SELECT", 100, 7}, // never past it
		{"", 3, 0},
	} {
		require.Equal(t, tc.want, position(tc.query, tc.offset), "%q %d", tc.query, tc.offset)
	}
}

func TestOptions(t *testing.T) {
	for _, tc := range []struct {
		options string
		want    string // name=value, blank-separated, or error
	}{
		{"", ""},
		{"-c a=1", "a=1"},
		{"-ca=1", "a=1"},
		{"--a=1 --b-c=2", "a=1 b_c=2"},
		{`  -c   search_path=x\,y  -c b=c\ d`, "search_path=x,y b=c d"},
		{`-c a=b\\c`, `a=b\c`},
		{"-c a=", "a="},
		{"-c a=b=c", "a=b=c"},
		{"-c", "error"},
		{"-c a", "error"},
		{"--=1", "error"},
		{"-B 7", "error"},
		{"nonsense", "error"},
	} {
		settings, err := parseOptions(tc.options)
		if tc.want == "error" {
			require.Equal(t, sqlerr.SyntaxError, sqlerr.CodeOf(err), tc.options)
			continue
		}
		require.NoError(t, err, tc.options)
		var got []string
		for _, s := range settings {
			got = append(got, s.Name+"="+s.Value)
		}
		require.Equal(t, tc.want, strings.Join(got, " "), tc.options)
	}
}

func TestStartupParameters(t *testing.T) {
	pack := func(pairs ...string) []byte { return []byte(strings.Join(pairs, "\x00") + "\x00\x00") }
	p, err := parseStartup(3<<16, pack("user", "u", "application_name", "a", "options", "-c b=2", "TimeZone", "UTC"))
	require.NoError(t, err)
	require.Equal(t, "u", p.database, "the user's name, if none is given")
	require.Equal(t, []setting{{Name: "application_name", Value: "a"}, {Name: "b", Value: "2"}, {Name: "TimeZone", Value: "UTC"}}, p.settings)
	require.False(t, p.negotiate)

	p, err = parseStartup(3<<16, pack("user", strings.Repeat("ä", 40)))
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("ä", 31), p.user, "cut between characters")

	for name, body := range map[string][]byte{
		"no terminator": []byte("user\x00u\x00"), "no value": []byte("user\x00u"), "bytes behind": append(pack("user", "u"), 1),
		"no user": pack("database", "d"), "no UTF-8": pack("user", "u", "a", "\xff"), "UTF-8 across a border": pack("user", "u", "a\xc3", "\xa4"),
		"replication": pack("user", "u", "replication", "true"),
		"nothing":     {},
	} {
		_, err := parseStartup(3<<16, body)
		require.Error(t, err, name)
		require.True(t, isFatal(err), name)
	}
	_, err = parseStartup(3<<16, pack("user", "u", "replication", "false"))
	require.NoError(t, err)
}

// rowsOf gives the values of the first column of each DataRow in b.
func rowsOf(t *testing.T, b []byte) []string {
	t.Helper()
	var rows []string
	for len(b) > 0 {
		require.Equal(t, byte('D'), b[0])
		size := int(binary.BigEndian.Uint32(b[1:])) + 1
		n := int32(binary.BigEndian.Uint32(b[7:]))
		if n < 0 {
			rows = append(rows, "null")
		} else {
			rows = append(rows, string(b[11:11+n]))
		}
		b = b[size:]
	}
	return rows
}

func TestBatchRows(t *testing.T) {
	ints := []engine.Column{{Name: "a", Type: types.T(types.Int4)}}
	b := vec.NewBatch([]types.Type{types.T(types.Int4)}, 4)
	b.AppendRow(1, types.NewInt(10))
	b.AppendRow(3, types.NewInt(20))
	b.AppendRow(0, types.NewInt(30))
	b.AppendRow(1, types.Null)
	w := writerOf(sink{}, ints, nil)
	require.NoError(t, w.Batch(b))
	require.Equal(t, []string{"10", "20", "20", "20", "null"}, rowsOf(t, w.c.out.buf))
	require.EqualValues(t, 5, w.c.srv.metrics.Rows.Load())

	b.Sel = []int32{1}
	w = writerOf(sink{}, ints, nil)
	require.NoError(t, w.Batch(b))
	require.Equal(t, []string{"20", "20", "20"}, rowsOf(t, w.c.out.buf))

	constant := &vec.Batch{Cols: []*vec.Vector{vec.NewConst(types.T(types.Int4), types.NewInt(7))}, N: 2}
	nulls := &vec.Batch{Cols: []*vec.Vector{vec.NewConst(types.T(types.Int4), types.Null)}, N: 2}
	w = writerOf(sink{}, ints, nil)
	require.NoError(t, w.Batch(constant))
	require.NoError(t, w.Batch(nulls))
	require.Equal(t, []string{"7", "7", "null", "null"}, rowsOf(t, w.c.out.buf))

	negative := vec.NewBatch([]types.Type{types.T(types.Int4)}, 1)
	negative.AppendRow(-1, types.NewInt(1))
	require.Equal(t, sqlerr.InternalError, sqlerr.CodeOf(w.Batch(negative)))
	require.Equal(t, sqlerr.InternalError, sqlerr.CodeOf(w.Batch(&vec.Batch{N: 1})))

	// A row of a huge weight ends with its run.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	huge := vec.NewBatch([]types.Type{types.T(types.Int4)}, 1)
	huge.AppendRow(1<<60, types.NewInt(1))
	w.start(ctx, ints, nil)
	require.Equal(t, sqlerr.QueryCanceled, sqlerr.CodeOf(w.Batch(huge)))
}

// TestNoAllocation is the hot path's promise.
func TestNoAllocation(t *testing.T) {
	batch, cols := benchBatch()
	w := writerOf(sink{}, cols, nil)
	require.NoError(t, w.Batch(batch))
	require.Zero(t, testing.AllocsPerRun(10, func() { _ = w.Batch(batch) }))
}

func TestErrorFields(t *testing.T) {
	o := &out{metrics: &Metrics{}}
	e := sqlerr.New(sqlerr.UniqueViolation, "m\x00hidden").WithDetail("d").WithHint("h").WithWhere("w").
		OnTable("s", "t").OnColumn("c").OnConstraint("n").At(2)
	e.DataType = "ty"
	o.errorResponse(e, "ab c")
	require.Equal(t, "SERROR\x00VERROR\x00C23505\x00Mm\x00Dd\x00Hh\x00P3\x00Ww\x00ss\x00tt\x00cc\x00dty\x00nn\x00\x00", string(o.buf[5:]))
	require.Equal(t, len(o.buf), 1+int(binary.BigEndian.Uint32(o.buf[1:])))
}

func TestInvalidUTF8(t *testing.T) {
	for in, want := range map[string]string{
		"a\xff": "0xff", "\xe2\x28\xa1": "0xe2 0x28 0xa1", "ä\xc3": "0xc3", "a\x00\xff": "0x00", "\xf0\x9f\x98": "0xf0 0x9f 0x98",
	} {
		err := checkUTF8([]byte(in))
		require.NotNil(t, err, "%q", in)
		require.Equal(t, `invalid byte sequence for encoding "UTF8": `+want, err.Message)
	}
	require.Nil(t, checkUTF8([]byte("a日本😀")))
}

// TestLimitSettings shows that the settings of limits exist, and have the limits' defaults.
func TestLimitSettings(t *testing.T) {
	var applied Limits
	for _, name := range []string{
		settingMaxMessage, settingMaxStatements, settingMaxPortals, settingMaxPending, settingLoginTimeout, settingWriteTimeout,
	} {
		s, ok := settings.Find(name)
		require.True(t, ok, name)
		n, err := strconv.Atoi(s.Default)
		require.NoError(t, err)
		require.True(t, applied.Apply(name, n), name)
	}
	require.Equal(t, Limits{}.withDefaults(), applied.withDefaults())
	require.False(t, applied.Apply("nosuch", 1))
}
