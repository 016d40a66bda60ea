package showdown

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/zeebo/xxh3"
)

// eventBase is the time of the source's first event.
var eventBase = time.Date(2015, 7, 15, 0, 0, 0, 0, time.UTC)

// postgresBase is what binary timestamps count from, in microseconds.
var postgresBase = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// total adds up rows with their weights, in any order: two equal totals are of equal rows, but for a chance in 2^64.
type total struct {
	rows int64
	hash uint64
}

func (t *total) add(weight int64, columns [][]byte, scratch []byte) []byte {
	scratch = scratch[:0]
	for _, c := range columns {
		n := int32(len(c))
		if c == nil {
			n = -1
		}
		scratch = append(binary.BigEndian.AppendUint32(scratch, uint32(n)), c...)
	}
	t.rows += weight
	t.hash += uint64(weight) * xxh3.Hash(scratch)
	return scratch
}

// progress is that the events due until a millisecond have become visible at a time.
type progress struct {
	due int64 // milliseconds of event time
	at  time.Time
}

// subscriber reads SUBSCRIBE to the view, as any client would.
type subscriber struct {
	cancel context.CancelFunc
	done   chan struct{}

	mu     sync.Mutex
	total  total
	steps  []progress // each that brought newer events
	cuts   int
	err    error
	newest int64
}

// subscribe begins to read on a connection, which becomes the subscriber's.
func subscribe(ctx context.Context, conn *pgx.Conn, view string) (*subscriber, error) {
	ctx, cancel := context.WithCancel(ctx)
	rows, err := conn.Query(ctx, "SUBSCRIBE TO "+view)
	if err != nil {
		cancel()
		return nil, errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	s := &subscriber{cancel: cancel, done: make(chan struct{}), newest: -1}
	go func() {
		defer close(s.done)
		s.read(rows)
		rows.Close()
		_ = conn.Close(context.WithoutCancel(ctx)) // nothing more is asked of it
	}()
	return s, nil
}

// read takes rows until the subscription ends.
func (s *subscriber) read(rows pgx.Rows) {
	const own = 3 // epoch, weight, progress come before the view's columns
	var scratch []byte
	last := uint64(0)
	for rows.Next() {
		raw := rows.RawValues()
		epoch, weight := binary.BigEndian.Uint64(raw[0]), int64(binary.BigEndian.Uint64(raw[1]))
		due := int64(-1)
		if t := raw[len(raw)-1]; weight > 0 && len(t) == 8 {
			due = postgresBase.UnixMilli() + int64(binary.BigEndian.Uint64(t))/1000 - eventBase.UnixMilli()
		}
		s.mu.Lock()
		scratch = s.total.add(weight, raw[own:], scratch)
		if epoch != last {
			s.cuts++
			last = epoch
		}
		if due > s.newest {
			s.newest = due
			s.steps = append(s.steps, progress{due, time.Now()})
		}
		s.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = rows.Err()
}

// sum is what has come so far, and why nothing more will, if so.
func (s *subscriber) sum() (total, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total, s.err
}

// reached is the newest event that has become visible.
func (s *subscriber) reached() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newest
}

// progress is all so far, and in how many cuts it came.
func (s *subscriber) progress() ([]progress, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.steps), s.cuts
}

// stop ends the subscription.
func (s *subscriber) stop() {
	s.cancel()
	<-s.done
}
