package kv

import (
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

// crashable is a store under test, and how to crash it.
type crashable struct {
	Store
	reopen func(c *crashable, crash bool) *crashable
}

func newCrashableMem(seed uint64) *crashable {
	reopen := func(c *crashable, crash bool) *crashable {
		m := c.Store.(*Mem)
		if !crash {
			m.Commit(&Batch{}, true)
		}
		return &crashable{m.Crash(), c.reopen}
	}
	return &crashable{NewMem(seed), reopen}
}

// newCrashablePebble is Pebble over a file system that forgets part of what was not synced when it crashes.
func newCrashablePebble(t require.TestingT, seed uint64) *crashable {
	rng := rand.New(rand.NewPCG(seed, 1))
	disk := vfs.NewCrashableMem()
	open := func() Store {
		s, err := OpenFolder("/data", Options{fs: disk, Logger: quiet, memTableBytes: 64 << 10})
		require.NoError(t, err)
		return s
	}
	reopen := func(c *crashable, crash bool) *crashable {
		if crash {
			after := disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: rng.IntN(101), RNG: rng})
			require.NoError(t, c.Close())
			disk = after
		} else {
			require.NoError(t, c.Close())
		}
		return &crashable{open(), c.reopen}
	}
	return &crashable{open(), reopen}
}

// model is what a store should hold: the history of its writes.
type model struct {
	now     map[string]string
	durable map[string]string
	pending []func(map[string]string) // unsynced commits since durable
	touched [][2]string               // the bounds, half open, of every change in pending
}

func newModel() *model { return &model{now: map[string]string{}, durable: map[string]string{}} }

func (m *model) sync() { m.durable, m.pending, m.touched = maps.Clone(m.now), nil, nil }

// outcomes are the states that a crash may leave.
func (m *model) outcomes() []map[string]string {
	state := maps.Clone(m.durable)
	out := []map[string]string{maps.Clone(state)}
	for _, f := range m.pending {
		f(state)
		out = append(out, maps.Clone(state))
	}
	return out
}

func contents(t require.TestingT, s Store) map[string]string {
	it, err := s.Scan(Range{})
	require.NoError(t, err)
	defer it.Close()
	got := map[string]string{}
	for it.Next() {
		v, err := it.Value()
		require.NoError(t, err)
		got[string(it.Key())] = string(v)
	}
	require.NoError(t, it.Err())
	return got
}

var (
	drawKey   = rapid.Custom(func(t *rapid.T) string { return fmt.Sprintf("k%02d", rapid.IntRange(0, 30).Draw(t, "key")) })
	drawValue = rapid.Custom(func(t *rapid.T) string {
		// Some values are large enough for a blob file.
		n := rapid.SampledFrom([]int{0, 1, 100, 2000}).Draw(t, "size")
		return string(slices.Repeat([]byte{byte('a' + rapid.IntRange(0, 25).Draw(t, "byte"))}, n))
	})
)

// machine runs random operations against a store and the model.
type machine struct {
	s *crashable
	m *model
}

func (x *machine) commit(t *rapid.T) {
	var b Batch
	var changes []func(map[string]string)
	for range rapid.IntRange(0, 4).Draw(t, "changes") {
		k, v := drawKey.Draw(t, "k"), drawValue.Draw(t, "v")
		switch rapid.IntRange(0, 3).Draw(t, "op") {
		case 0:
			b.Delete([]byte(k))
			changes = append(changes, func(m map[string]string) { delete(m, k) })
			x.m.touched = append(x.m.touched, [2]string{k, k + "\x00"})
		case 1:
			to := drawKey.Draw(t, "to")
			b.DeleteRange(Range{[]byte(k), []byte(to)})
			changes = append(changes, func(m map[string]string) {
				maps.DeleteFunc(m, func(key, _ string) bool { return key >= k && key < to })
			})
			if k < to {
				x.m.touched = append(x.m.touched, [2]string{k, to})
			}
		default:
			b.Set([]byte(k), []byte(v))
			changes = append(changes, func(m map[string]string) { m[k] = v })
			x.m.touched = append(x.m.touched, [2]string{k, k + "\x00"})
		}
	}
	apply := func(m map[string]string) {
		for _, f := range changes {
			f(m)
		}
	}
	sync := rapid.Bool().Draw(t, "sync")
	require.NoError(t, x.s.Commit(&b, sync))
	apply(x.m.now)
	x.m.pending = append(x.m.pending, apply)
	if sync {
		x.m.sync()
	}
}

func (x *machine) bulk(t *rapid.T) {
	w, err := x.s.NewBulk(Compressed)
	require.NoError(t, err)
	keys := rapid.SliceOfNDistinct(drawKey, 0, 5, rapid.ID).Draw(t, "keys")
	slices.Sort(keys)
	added := map[string]string{}
	for _, k := range keys {
		added[k] = drawValue.Draw(t, "v")
		require.NoError(t, w.Add([]byte(k), []byte(added[k])))
	}
	if rapid.IntRange(0, 4).Draw(t, "abort") == 0 {
		w.Abort()
		return
	}
	require.NoError(t, w.Commit())
	w.Abort()
	if len(keys) == 0 {
		return
	}
	maps.Copy(x.m.now, added)
	overlaps := slices.ContainsFunc(x.m.touched, func(b [2]string) bool { return b[0] <= keys[len(keys)-1] && keys[0] < b[1] })
	if overlaps {
		x.m.sync()
	} else {
		maps.Copy(x.m.durable, added)
	}
}

func (x *machine) get(t *rapid.T) {
	k := drawKey.Draw(t, "k")
	v, ok, err := x.s.Get([]byte(k))
	require.NoError(t, err)
	want, wantOK := x.m.now[k]
	require.Equal(t, wantOK, ok)
	require.Equal(t, want, string(v))
}

func (x *machine) scan(t *rapid.T) {
	lower, upper := drawKey.Draw(t, "lower"), drawKey.Draw(t, "upper")
	it, err := x.s.Scan(Range{[]byte(lower), []byte(upper)})
	require.NoError(t, err)
	defer it.Close()
	keys := slices.Sorted(maps.Keys(x.m.now))
	keys = slices.DeleteFunc(keys, func(k string) bool { return k < lower || k >= upper })
	at := -1 // index in keys
	// What is written later must not be seen.
	x.commit(t)
	for range rapid.IntRange(1, 8).Draw(t, "moves") {
		var ok bool
		switch rapid.IntRange(0, 5).Draw(t, "move") {
		case 0:
			to := drawKey.Draw(t, "seek")
			ok = it.Seek([]byte(to))
			at, _ = slices.BinarySearch(keys, to)
		case 1:
			ok = it.Last()
			at = len(keys) - 1
			if at < 0 {
				at = 0
			}
		default:
			ok = it.Next()
			at = min(at+1, len(keys))
		}
		require.NoError(t, it.Err())
		require.Equal(t, at < len(keys), ok, "at %d of %v", at, keys)
		if ok {
			require.Equal(t, keys[at], string(it.Key()))
		}
	}
}

func (x *machine) crash(t *rapid.T) {
	x.s = x.s.reopen(x.s, true)
	got := contents(t, x.s)
	i := slices.IndexFunc(x.m.outcomes(), func(o map[string]string) bool { return maps.Equal(o, got) })
	require.GreaterOrEqual(t, i, 0, "after the crash: %.2000v\npossible: %.2000v", got, x.m.outcomes())
	x.m.now = got
	x.m.sync()
}

func (x *machine) closeAndReopen(*rapid.T) {
	x.s = x.s.reopen(x.s, false)
	x.m.sync()
}

func (x *machine) run(t *rapid.T) {
	t.Repeat(map[string]func(*rapid.T){
		"commit": x.commit, "bulk": x.bulk, "get": x.get, "scan": x.scan, "crash": x.crash, "reopen": x.closeAndReopen,
		"": func(t *rapid.T) { require.Equal(t, x.m.now, contents(t, x.s)) },
	})
	require.NoError(t, x.s.Close())
}

func TestMemAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := machine{newCrashableMem(rapid.Uint64().Draw(t, "seed")), newModel()}
		x.run(t)
	})
}

func TestPebbleAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := machine{newCrashablePebble(t, rapid.Uint64().Draw(t, "seed")), newModel()}
		x.run(t)
	})
}
