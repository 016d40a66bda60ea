package changelog

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var rowTypes = []types.Type{types.T(types.Int8), types.T(types.Text)}

// rowsOf is a batch with the numbers from (inclusive) to (exclusive), and a text for each.
func rowsOf(from, to int) *vec.Batch {
	b := vec.NewBatch(rowTypes, to-from)
	for i := from; i < to; i++ {
		b.AppendRow(1, types.NewInt(int64(i)), types.NewText("row "+strconv.Itoa(i)))
	}
	return b
}

// openSpilling opens a log whose stages spill soon.
func openSpilling(store kv.Store) (*Log, error) {
	l, err := Open(store)
	if err == nil {
		l.spillBytes = 512 << 10
	}
	return l, err
}

// TestLog runs the scripts in testdata against a log in memory.
func TestLog(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		if strings.Contains(path, "rapid") {
			return
		}
		s := &script{t: t, store: kv.NewMem(1), stages: map[string]*Stage{}}
		s.open()
		datadriven.RunTest(t, path, s.run)
	})
}

type script struct {
	t      *testing.T
	store  *kv.Mem
	log    *Log
	stages map[string]*Stage
}

func (s *script) open() string {
	var err error
	if s.log, err = openSpilling(s.store); err != nil {
		return err.Error() + "\n"
	}
	epoch, time := s.log.Last()
	return fmt.Sprintf("last epoch %d at %d\n", epoch, time)
}

func (s *script) run(t *testing.T, d *datadriven.TestData) string {
	switch d.Cmd {
	case "append":
		return result(s.append(d))
	case "stage":
		return result(s.stage(d))
	case "records":
		return s.records(number(d, "from", 0))
	case "blocks":
		return s.blocks(uint32(number(d, "relation", 0)), uint64(number(d, "from", 0)), uint64(number(d, "to", math.MaxInt64)))
	case "trim":
		return result(s.log.Trim(uint32(number(d, "relation", 0)), uint64(number(d, "before", 0))))
	case "trim-records":
		next, err := s.log.TrimRecords(uint64(number(d, "from", 0)), uint64(number(d, "before", 0)), number(d, "most", 100),
			func(relation uint32) bool { return int(relation) == number(d, "gone", 0) })
		return fmt.Sprintf("next %d, %v\n", next, err)
	case "trimmed":
		t := s.log.Trimmed(uint32(number(d, "relation", 0)))
		return fmt.Sprintf("up to %d, at %d\n", t.Upto, t.At)
	case "drop":
		return result(s.log.Drop(uint32(number(d, "relation", 0))))
	case "epoch-at":
		epoch, ok, err := s.log.EpochAt(int64(number(d, "time", 0)))
		return fmt.Sprintln(epoch, ok, err)
	case "crash":
		s.store = s.store.CrashKeeping(number(d, "keep", 0))
		return s.open()
	case "open":
		return s.open()
	case "damage":
		return result(s.damage(d))
	case "check":
		var out strings.Builder
		err := s.log.Check(func(err error) { fmt.Fprintln(&out, err) })
		return out.String() + result(err)
	}
	t.Fatalf("unknown command %q", d.Cmd)
	return ""
}

func result(err error) string {
	if err != nil {
		return err.Error() + "\n"
	}
	return "ok\n"
}

func number(d *datadriven.TestData, name string, otherwise int) int {
	for _, a := range d.CmdArgs {
		if a.Key == name {
			n, err := strconv.Atoi(a.Vals[0])
			if err != nil {
				panic(err)
			}
			return n
		}
	}
	return otherwise
}

// append reads lines "rows RELATION FROM TO", "use STAGE", "split …", "watermark …", "catalog TEXT".
func (s *script) append(d *datadriven.TestData) error {
	rec := &Record{Epoch: uint64(number(d, "epoch", 0)), Time: int64(number(d, "time", 0))}
	var data []RelationData
	of := func(relation uint32) *RelationData {
		for i := range data {
			if data[i].Relation == relation {
				return &data[i]
			}
		}
		data = append(data, RelationData{Relation: relation})
		return &data[len(data)-1]
	}
	for _, line := range strings.Split(d.Input, "\n") {
		var relation uint32
		var from, to int
		var name string
		f := strings.Fields(line)
		switch {
		case len(f) == 0:
		case f[0] == "rows":
			fmt.Sscan(strings.Join(f[1:], " "), &relation, &from, &to)
			x := of(relation)
			x.Batches = append(x.Batches, rowsOf(from, to))
		case f[0] == "use":
			st := s.stages[f[1]]
			x := of(st.relation)
			x.Stages = append(x.Stages, st)
		case f[0] == "split":
			fmt.Sscan(strings.Join(f[1:], " "), &relation, &name, &from)
			rec.Splits = append(rec.Splits, Split{relation, name, []byte{byte(from)}, len(f) > 4})
		case f[0] == "watermark":
			fmt.Sscan(strings.Join(f[1:], " "), &relation, &from)
			rec.Watermarks = append(rec.Watermarks, Watermark{Relation: relation, Time: int64(from)})
		case f[0] == "catalog":
			rec.Catalog = []byte(f[1])
		}
	}
	return s.log.Append(rec, data, AppendOptions{Sync: d.HasArg("sync")})
}

// stage makes, fills or aborts a stage.
func (s *script) stage(d *datadriven.TestData) error {
	name := d.CmdArgs[0].Key
	if d.HasArg("abort") {
		s.stages[name].Abort()
		return nil
	}
	st := s.stages[name]
	if st == nil {
		st = s.log.Stage(uint32(number(d, "relation", 0)))
		s.stages[name] = st
	}
	for from, to := number(d, "from", 0), number(d, "to", 0); from < to; from += 1000 {
		if err := st.Write(rowsOf(from, min(from+1000, to))); err != nil {
			return err
		}
	}
	if d.HasArg("finish") {
		return st.Finish()
	}
	return nil
}

func (s *script) records(from int) string {
	var out strings.Builder
	it, err := s.log.Records(uint64(from))
	require.NoError(s.t, err)
	defer it.Close()
	for it.Next() {
		r := it.Record()
		fmt.Fprintf(&out, "%d at %d", r.Epoch, r.Time)
		for _, x := range r.Relations {
			fmt.Fprintf(&out, " [relation %d: %d rows in %d blocks]", x.Relation, x.Rows, x.Chunks)
		}
		for _, x := range r.Splits {
			fmt.Fprintf(&out, " [split %d/%s at %v idle %t]", x.Relation, x.Name, x.Position, x.Idle)
		}
		for _, x := range r.Watermarks {
			fmt.Fprintf(&out, " [watermark %d: %d]", x.Relation, x.Time)
		}
		if len(r.Catalog) > 0 {
			fmt.Fprintf(&out, " [catalog %s]", r.Catalog)
		}
		out.WriteString("\n")
	}
	if it.Err() != nil {
		return out.String() + it.Err().Error() + "\n"
	}
	return out.String()
}

// blocks shows, for each epoch, the runs of numbers that its rows make, and in how many blocks they come.
func (s *script) blocks(relation uint32, from, to uint64) string {
	var out strings.Builder
	it, err := s.log.Blocks(relation, from, to)
	require.NoError(s.t, err)
	defer it.Close()
	var epoch, blocks, first, last int64
	line := func() {
		if blocks > 0 {
			fmt.Fprintf(&out, "%d: rows %d to %d in %d blocks\n", epoch, first, last, blocks)
		}
	}
	for it.Next() {
		col := it.Batch().Cols[0].I64
		for i, v := range col {
			if string(it.Batch().Cols[1].Bytes(i)) != "row "+strconv.FormatInt(v, 10) {
				s.t.Fatalf("row %d has the text of another", v)
			}
		}
		if int64(it.Epoch()) != epoch || col[0] != last+1 {
			line()
			epoch, first, blocks = int64(it.Epoch()), col[0], 0
		}
		last = col[len(col)-1]
		blocks++
	}
	line()
	if it.Err() != nil {
		return out.String() + it.Err().Error() + "\n"
	}
	return out.String()
}

// damage changes a byte of the record of an epoch, or removes or changes a chunk.
func (s *script) damage(d *datadriven.TestData) error {
	var key []byte
	switch relation := uint32(number(d, "relation", 0)); {
	case relation == 0:
		key = kv.EpochKey(uint64(number(d, "epoch", 0)))
	case d.HasArg("trimmed"):
		key = kv.TrimmedKey(relation)
	case d.HasArg("stage"):
		key = kv.StageKey(nil, relation, uint64(number(d, "stage", 0)), uint32(number(d, "chunk", 0)))
	default:
		key = kv.BlockKey(nil, relation, uint64(number(d, "epoch", 0)), uint32(number(d, "chunk", 0)))
	}
	value, ok, err := s.store.Get(key)
	if err != nil || !ok {
		return sqlerr.Internal("no such key: %v", err)
	}
	var b kv.Batch
	if d.HasArg("remove") {
		b.Delete(key)
	} else {
		value[len(value)-1]++
		b.Set(key, value)
	}
	return s.store.Commit(&b, true)
}

func TestAppendIsChecked(t *testing.T) {
	l, err := Open(kv.NewMem(1))
	require.NoError(t, err)
	rows := RelationData{Relation: 1, Batches: []*vec.Batch{rowsOf(0, 1)}}
	require.ErrorContains(t, l.Append(&Record{Epoch: 1}, []RelationData{rows, rows}, AppendOptions{}), "named twice")
	other := RelationData{Relation: 2, Stages: []*Stage{l.Stage(1)}}
	require.ErrorContains(t, l.Append(&Record{Epoch: 1}, []RelationData{other}, AppendOptions{}), "appended to relation 2")
	st := l.Stage(1)
	require.NoError(t, st.Write(rowsOf(0, 1)))
	use := []RelationData{{Relation: 1, Stages: []*Stage{st}}}
	require.NoError(t, l.Append(&Record{Epoch: 1}, use, AppendOptions{}))
	require.ErrorContains(t, l.Append(&Record{Epoch: 2}, use, AppendOptions{}), "appended twice")
	require.Error(t, st.Write(rowsOf(0, 1)))
}

func TestAppendWith(t *testing.T) {
	store := kv.NewMem(1)
	l, err := Open(store)
	require.NoError(t, err)
	var with kv.Batch
	with.Set(kv.MetaKey(kv.MetaCatalog, []byte("x")), []byte("y"))
	require.NoError(t, l.Append(&Record{Epoch: 1}, nil, AppendOptions{With: &with}))
	v, ok, err := store.Get(kv.MetaKey(kv.MetaCatalog, []byte("x")))
	require.True(t, ok && err == nil && string(v) == "y")
}
