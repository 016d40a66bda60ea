package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// measureSubscribers subscribes to one view many times, and inserts.
func measureSubscribers(ctx context.Context, s *server, o options) error {
	conn, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, q := range []string{"CREATE STREAM ev (k bigint, v bigint, s text)",
		"CREATE VIEW w AS SELECT k, count(*) AS n, sum(v) AS total, max(s) AS s FROM ev GROUP BY k"} {
		if _, err := conn.Exec(ctx, q); err != nil {
			return err
		}
	}
	before, err := s.usage()
	if err != nil {
		return err
	}
	list, err := subscribe(ctx, s.listen, o.subscribers)
	if err != nil {
		return err
	}
	defer list.close()
	at, err := s.idle()
	if err != nil {
		return err
	}
	n := float64(o.subscribers)
	figure("CPU a subscriber made", "%.2f ms", 1000*(at.cpu-before.cpu)/n)
	figure("memory a subscriber", "%.1f KiB", float64(at.rss-before.rss)/n/1024)
	figure("goroutines a subscriber", "%.1f", float64(at.goroutines-before.goroutines)/n)
	end := s.profile(o.profile, 5)
	var took []time.Duration
	rows := int64(0)
	for e := range o.epochs {
		began := time.Now()
		if _, err := conn.Exec(ctx, fmt.Sprintf("INSERT INTO ev SELECT %d, i %% 100, 'text ' || i FROM generate_series(1, 3) i UNION ALL SELECT 1000 + i, i, 'x' || i FROM generate_series(1, %d) i",
			e%7, o.rows-1)); err != nil {
			return err
		}
		// Each group that was there before takes two rows.
		rows += int64(o.rows)
		if e > 0 {
			rows += int64(o.rows - 1)
		}
		if e >= 7 {
			rows++
		}
		if err := list.await(ctx, rows); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	after, err := s.usage()
	if err != nil {
		return err
	}
	cpu := after.cpu - at.cpu
	figure("rows a subscriber", "%d in %d epochs", rows, o.epochs)
	figure("CPU an epoch and subscriber", "%.2f µs", 1e6*cpu/n/float64(o.epochs))
	figure("CPU a row and subscriber", "%.3f µs", 1e6*cpu/n/float64(rows))
	figure("all have the rows after", "%v (median)", median(took))
	figure("memory after, growth a subscriber", "%.1f KiB", float64(after.rss-at.rss)/n/1024)
	if err := end(); err != nil {
		return err
	}
	return list.check()
}

// subscribers are connections of their own, each with what it has got.
type subscribers struct {
	list   []*subscriber
	failed chan error
	moved  chan struct{}
}

type subscriber struct {
	nc   net.Conn
	in   *bufio.Reader
	rows atomic.Int64
	sum  atomic.Uint64 // over all rows
}

// subscribing is how many connections are opened at once.
const subscribing = 32

func subscribe(ctx context.Context, address string, n int) (*subscribers, error) {
	all := &subscribers{list: make([]*subscriber, n), failed: make(chan error, n), moved: make(chan struct{}, 1)}
	var group sync.WaitGroup
	errs := make([]error, subscribing)
	for w := range subscribing {
		group.Go(func() {
			for i := w; i < n && errs[w] == nil; i += subscribing {
				all.list[i], errs[w] = dial(ctx, address)
			}
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		all.close()
		return nil, err
	}
	for _, x := range all.list {
		go func() { all.failed <- x.read(all.moved) }()
	}
	return all, nil
}

// dial logs in and subscribes: the row description has come when it returns, so the view is empty for it.
func dial(ctx context.Context, address string) (*subscriber, error) {
	var d net.Dialer
	nc, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	x := &subscriber{nc: nc, in: bufio.NewReaderSize(nc, 4<<10)}
	body := "user\x00streamdb\x00database\x00streamdb\x00\x00"
	start := binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))
	start = binary.BigEndian.AppendUint32(start, 3<<16)
	if _, err := nc.Write(append(start, body...)); err != nil {
		return nil, err
	}
	if err := x.until('Z'); err != nil {
		return nil, err
	}
	query := "SUBSCRIBE w\x00"
	msg := binary.BigEndian.AppendUint32([]byte{'Q'}, uint32(4+len(query)))
	if _, err := nc.Write(append(msg, query...)); err != nil {
		return nil, err
	}
	return x, x.until('T')
}

// until reads messages up to one of a type.
func (x *subscriber) until(typ byte) error {
	for {
		got, body, err := x.message()
		switch {
		case err != nil:
			return err
		case got == 'E':
			return fmt.Errorf("the server says %q", body)
		case got == typ:
			return nil
		}
	}
}

// message reads one. The body is as large as the server says.
func (x *subscriber) message() (typ byte, body []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(x.in, head[:]); err != nil {
		return 0, nil, err
	}
	body = make([]byte, binary.BigEndian.Uint32(head[1:])-4)
	_, err = io.ReadFull(x.in, body)
	return head[0], body, err
}

// read counts and adds up the rows until the connection ends.
func (x *subscriber) read(moved chan struct{}) error {
	for {
		typ, body, err := x.message()
		if err != nil {
			return err
		}
		if typ != 'D' {
			return fmt.Errorf("a message %q with %q", typ, body)
		}
		h := fnv.New64a()
		h.Write(body)
		x.sum.Add(h.Sum64())
		x.rows.Add(1)
		if x.in.Buffered() == 0 {
			select {
			case moved <- struct{}{}:
			default:
			}
		}
	}
}

// await waits until all have so many rows.
func (s *subscribers) await(ctx context.Context, rows int64) error {
	for _, x := range s.list {
		for x.rows.Load() < rows {
			select {
			case <-s.moved:
			case err := <-s.failed:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// check compares what they have got: the sum of the rows' hashes.
func (s *subscribers) check() error {
	want, rows := s.list[0].sum.Load(), s.list[0].rows.Load()
	for i, x := range s.list {
		if x.sum.Load() != want || x.rows.Load() != rows {
			return fmt.Errorf("subscriber %d has got other rows than the first", i)
		}
	}
	figure("rows of all subscribers", "equal")
	return nil
}

func (s *subscribers) close() {
	for _, x := range s.list {
		if x != nil {
			_ = x.nc.Close() // nothing is written any more
		}
	}
}
