package session

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// sharer is an engine.Sharer whose messages are texts of rows. It tells of each call, and writes nothing before it may.
type sharer struct {
	rows
	form    string
	mu      sync.Mutex
	encoded int           // calls of Encode
	written chan string   // what Encoded was given
	gate    chan struct{} // closed: go on
	open    func()        // closes it
}

func newSharer(form string) *sharer {
	s := &sharer{form: form, written: make(chan string, 100), gate: make(chan struct{})}
	s.open = sync.OnceFunc(func() { close(s.gate) })
	return s
}

func (s *sharer) Form() string { return s.form }

func (s *sharer) Encode(dst []byte, b *vec.Batch) ([]byte, error) {
	s.mu.Lock()
	s.encoded++
	s.mu.Unlock()
	var w rows
	if err := w.Batch(b); err != nil {
		return nil, err
	}
	return fmt.Append(dst, s.form, w.texts), nil
}

func (s *sharer) Encoded(messages []byte, _ int64) error {
	<-s.gate
	s.written <- string(messages)
	return nil
}

// Batch is what comes first, and what is not shared.
func (s *sharer) Batch(b *vec.Batch) error {
	var w rows
	if err := w.Batch(b); err != nil {
		return err
	}
	s.written <- fmt.Sprint("alone", w.texts)
	return nil
}

// listen subscribes with a session of its own until the test ends.
func listen(t *testing.T, e *Engine, w *sharer) {
	c := connect(t, e)
	ctx, cancel := context.WithCancel(context.Background())
	p, err := c.prepare("SUBSCRIBE v").Bind(ctx, nil)
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() {
		_, err := p.Run(ctx, 0, w)
		ended <- err
	}()
	t.Cleanup(func() {
		cancel()
		w.open()
		require.Equal(t, sqlerr.QueryCanceled, sqlerr.CodeOf(<-ended))
	})
}

// TestFanOut: a block is encoded once for each form, all get it, and one that does not read holds up no other.
func TestFanOut(t *testing.T) {
	e := openEngine(t)
	c := connect(t, e)
	c.exec("CREATE STREAM s (k bigint)", "INSERT INTO s VALUES (1)", "CREATE VIEW v AS SELECT k, count(*) AS n FROM s GROUP BY k", "FLUSH")
	a, b, other, alone, slow := newSharer("a"), newSharer("a"), newSharer("b"), newSharer(""), newSharer("a")
	all := []*sharer{a, b, other, alone, slow}
	for _, w := range all {
		listen(t, e, w)
		require.Regexp(t, `^alone\[\[\d+ 1 f 1 1\]\]$`, <-w.written, "its first rows are a subscriber's own")
		if w != slow {
			w.open()
		}
	}
	const epochs = 3
	for n := range epochs {
		c.exec("INSERT INTO s VALUES (1)")
		want := fmt.Sprintf(`\[\[(\d+) -1 f 1 %d\] \[(\d+) 1 f 1 %d\]\]$`, n+1, n+2)
		got := <-a.written
		require.Regexp(t, "^a"+want, got)
		require.Equal(t, got, <-b.written)
		require.Regexp(t, "^b"+want, <-other.written)
		require.Regexp(t, "^alone"+want, <-alone.written)
	}
	slow.open()
	for range epochs {
		require.Contains(t, <-slow.written, " f 1 ")
	}
	require.Equal(t, epochs, a.encoded+b.encoded+slow.encoded)
	require.Equal(t, epochs, other.encoded)
	require.Zero(t, alone.encoded)
}

// TestFanForgets: old frames go, also one that is made after it was forgotten, and with the last subscriber all of it.
func TestFanForgets(t *testing.T) {
	var f fans
	x := f.join(1)
	require.Nil(t, x.frame(frameKey{epoch: 1}), "there is nobody to share it with")
	require.Same(t, x, f.join(1))
	late := x.frame(frameKey{epoch: 1})
	for epoch := uint64(2); epoch < 20; epoch++ {
		y := x.frame(frameKey{epoch: epoch})
		require.Same(t, y, x.frame(frameKey{epoch: epoch}))
		y.messages = make([]byte, fanBytes/4)
		x.made(y)
		require.LessOrEqual(t, x.bytes, fanBytes)
	}
	require.Len(t, x.frames, 4)
	late.messages = make([]byte, 10)
	x.made(late)
	require.Equal(t, fanBytes, x.bytes)
	f.leave(1, x)
	require.Len(t, f.open, 1)
	f.leave(1, x)
	require.Empty(t, f.open)
	require.NotSame(t, x, f.join(1))
}
