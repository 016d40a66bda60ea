package snapshot

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pageText is the content of a page: a function of where it is, so that a mix-up shows.
func pageText(namespace uint64, id state.PageID) []byte {
	return []byte(strings.Repeat(fmt.Sprintf("page %d/%d ", namespace, id), 50))
}

// TestSnapshots runs the scripts in testdata against a store in memory.
func TestSnapshots(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		if strings.Contains(path, "rapid") {
			return
		}
		s := &script{t: t, mem: kv.NewMem(1), writers: map[string]*Writer{}, pins: map[string]func(){}}
		require.Equal(t, "ok\n", s.open())
		datadriven.RunTest(t, path, s.run)
	})
}

type script struct {
	t       *testing.T
	mem     *kv.Mem
	store   *Store
	writers map[string]*Writer
	pins    map[string]func()
}

func (s *script) open() string {
	var err error
	s.store, err = Open(s.mem, 2)
	return result(err)
}

func result(err error) string {
	if err != nil {
		return err.Error() + "\n"
	}
	return "ok\n"
}

func number(d *datadriven.TestData, name string) uint64 {
	for _, a := range d.CmdArgs {
		if a.Key == name {
			n, err := strconv.ParseUint(a.Vals[0], 10, 64)
			if err != nil {
				panic(err)
			}
			return n
		}
	}
	return 0
}

func (s *script) run(t *testing.T, d *datadriven.TestData) string {
	name := ""
	if len(d.CmdArgs) > 0 && len(d.CmdArgs[0].Vals) == 0 {
		name = d.CmdArgs[0].Key
	}
	switch d.Cmd {
	case "begin":
		w, err := s.store.Begin(number(d, "group"), number(d, "epoch"), 1000)
		if err == nil {
			s.writers[name] = w
		}
		return result(err)
	case "put":
		return result(s.put(s.writers[name], d.Input))
	case "commit":
		return result(s.writers[name].Commit([]changelog.Split{{Relation: 1, Name: "p", Position: []byte("x")}},
			[]changelog.Watermark{{Relation: 1, Time: 5}}, 1500))
	case "abort":
		s.writers[name].Abort()
		return "ok\n"
	case "drop":
		return result(s.store.Retain(func(namespace uint64) bool { return namespace != number(d, "namespace") }))
	case "pin":
		s.pins[name] = s.store.Pages(number(d, "namespace")).Pin()
		return "ok\n"
	case "release":
		s.pins[name]()
		return "ok\n"
	case "vacuum":
		n, err := s.store.Vacuum(func() bool { return false })
		return fmt.Sprintf("%d pages removed, %v\n", n, err)
	case "list":
		return s.list()
	case "newest":
		return s.newest(number(d, "group"))
	case "pages":
		return s.pages()
	case "crash":
		s.mem = s.mem.CrashKeeping(int(number(d, "keep")))
		return s.open()
	case "damage":
		return result(s.damage(d, name))
	case "check":
		var out strings.Builder
		err := s.store.Check(func(err error) { fmt.Fprintln(&out, err) })
		return out.String() + result(err)
	}
	t.Fatalf("unknown command %q", d.Cmd)
	return ""
}

// put reads lines "page NAMESPACE ID…", "state NAME NAMESPACE ID…" and "keep NAME".
func (s *script) put(w *Writer, input string) error {
	for _, line := range strings.Split(input, "\n") {
		f := strings.Fields(line)
		var ids []state.PageID
		numbers := func(from int) uint64 {
			namespace, _ := strconv.ParseUint(f[from], 10, 64)
			for _, x := range f[from+1:] {
				id, _ := strconv.ParseUint(x, 10, 64)
				ids = append(ids, state.PageID(id))
			}
			return namespace
		}
		var err error
		switch f[0] {
		case "page":
			namespace := numbers(1)
			for _, id := range ids {
				if err = w.PutPage(namespace, id, pageText(namespace, id)); err != nil {
					return err
				}
			}
		case "state":
			namespace := numbers(2)
			err = w.PutState(State{Name: f[1], Namespace: namespace, Plan: 77, Pages: ids, Data: []byte("data of " + f[1])})
		case "keep":
			var ok bool
			if ok, err = w.KeepState(f[1]); err == nil && !ok {
				return sqlerr.Internal("there is no state %s to keep", f[1])
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *script) list() string {
	var out strings.Builder
	for _, x := range s.store.List() {
		fmt.Fprintf(&out, "group %d epoch %d started %d duration %d complete %t\n", x.Group, x.Epoch, x.Started, x.Duration, x.Complete)
	}
	return out.String()
}

// newest shows the newest snapshot of a group and reads all its pages.
func (s *script) newest(group uint64) string {
	snap := s.store.Newest(group)
	if snap == nil {
		return "none\n"
	}
	var out strings.Builder
	fmt.Fprintf(&out, "epoch %d, %d sources, %d watermarks\n", snap.Epoch, len(snap.Sources), len(snap.Watermarks))
	for _, name := range snap.States() {
		st, ok, err := snap.State(name)
		if err != nil {
			return out.String() + err.Error() + "\n"
		}
		require.True(s.t, ok)
		fmt.Fprintf(&out, "%s: %q plan %d pages", name, st.Data, st.Plan)
		pages := s.store.Pages(st.Namespace)
		for _, id := range st.Pages {
			text, err := pages.ReadPage(nil, id)
			if err != nil {
				return out.String() + "\n" + err.Error() + "\n"
			}
			require.Equal(s.t, string(pageText(st.Namespace, id)), string(text))
			fmt.Fprintf(&out, " %d/%d", st.Namespace, id)
		}
		fmt.Fprintf(&out, ", next %d\n", pages.NextPageID())
	}
	return out.String()
}

// pages shows all pages stored.
func (s *script) pages() string {
	var out []string
	for _, at := range storedPages(s.t, s.mem) {
		out = append(out, fmt.Sprintf("%d/%d", at.namespace, at.id))
	}
	return strings.Join(out, " ") + "\n"
}

func storedPages(t require.TestingT, store kv.Store) []pageAt {
	it, err := store.Scan(kv.AllPageRange())
	require.NoError(t, err)
	defer it.Close()
	var out []pageAt
	for it.Next() {
		namespace, id := kv.PageNumbers(it.Key())
		out = append(out, pageAt{namespace, state.PageID(id)})
	}
	require.NoError(t, it.Err())
	return out
}

// damage changes, removes or exchanges what is stored under a key: page, part or head.
func (s *script) damage(d *datadriven.TestData, what string) error {
	var key []byte
	switch what {
	case "page":
		key = kv.PageKey(nil, number(d, "namespace"), number(d, "id"))
	case "part":
		key = kv.SnapshotPartKey(number(d, "number"))
	case "head":
		key = kv.SnapshotHeadKey(number(d, "group"), number(d, "epoch"))
	}
	value, ok, err := s.mem.Get(key)
	if err != nil || !ok {
		return sqlerr.Internal("there is no such %s: %v", what, err)
	}
	var b kv.Batch
	switch {
	case d.HasArg("remove"):
		b.Delete(key)
	case d.HasArg("with"): // the content of another page
		other, _, err := s.mem.Get(kv.PageKey(nil, number(d, "namespace"), number(d, "with")))
		if err != nil {
			return err
		}
		b.Set(key, other)
	default:
		value[len(value)-1] ^= 1
		b.Set(key, value)
	}
	return s.mem.Commit(&b, true)
}
