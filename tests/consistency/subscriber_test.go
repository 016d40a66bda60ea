package consistency_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// subscriber follows a view with a sum of money and a number of moves in each row, and looks at its rows at the end of each epoch.
type subscriber struct {
	view string
	// zero says that every row by itself must have a sum of zero, not only all together.
	zero bool

	rows           map[string]int
	sum, moves     int64
	epoch, epochs  int64
	changes        int
	broken         []string // what a row had, and an epoch by now
	mu             sync.Mutex
	progress       *sync.Cond
	completed      int64 // the moves at the end of the last epoch
	completedAtAll bool
	err            error
}

func newSubscriber(view string, zero bool) *subscriber {
	s := &subscriber{view: view, zero: zero, rows: map[string]int{}}
	s.progress = sync.NewCond(&s.mu)
	return s
}

// follow reads until the connection is closed, or something is wrong.
func (s *subscriber) follow(ctx context.Context, c *pgconn.PgConn) {
	err := s.read(c.Exec(ctx, fmt.Sprintf("SUBSCRIBE TO %s WITH (progress = true)", s.view)))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err = err; err == nil {
		s.err = fmt.Errorf("SUBSCRIBE TO %s has ended", s.view)
	}
	s.progress.Broadcast()
}

func (s *subscriber) read(results *pgconn.MultiResultReader) error {
	for results.NextResult() {
		r := results.ResultReader()
		columns := map[string]int{}
		for i, f := range r.FieldDescriptions() {
			columns[f.Name] = i
		}
		sum, ok := columns["total"]
		if !ok {
			sum = columns["balance"]
		}
		for r.NextRow() {
			if err := s.take(r.Values(), sum, columns["moves"]); err != nil {
				return fmt.Errorf("%s: %w", s.view, err)
			}
		}
	}
	return results.Close()
}

// take takes a row of the subscription: a change, or the end of an epoch.
func (s *subscriber) take(row [][]byte, sum, moves int) error {
	epoch, err := strconv.ParseInt(string(row[0]), 10, 64)
	if err != nil {
		return err
	}
	if epoch < s.epoch {
		return fmt.Errorf("epoch %d comes after %d", epoch, s.epoch)
	}
	if s.epoch = epoch; string(row[2]) == "t" {
		return s.endEpoch()
	}
	var n [3]int64
	for i, at := range []int{1, sum, moves} {
		if n[i], err = strconv.ParseInt(string(row[at]), 10, 64); err != nil {
			return fmt.Errorf("epoch %d: %w in %q", epoch, err, row)
		}
	}
	weight := n[0]
	s.sum, s.moves, s.changes = s.sum+weight*n[1], s.moves+weight*n[2], s.changes+1
	if s.zero && n[1] != 0 {
		return fmt.Errorf("epoch %d has the row %q", epoch, row)
	}
	var key strings.Builder
	for _, v := range row[3:] {
		key.Write(v)
		key.WriteByte('|')
	}
	if s.rows[key.String()] += int(weight); s.rows[key.String()] == 0 {
		delete(s.rows, key.String())
	} else {
		s.broken = append(s.broken, key.String())
	}
	return nil
}

// endEpoch judges the rows as they are at the end of an epoch.
func (s *subscriber) endEpoch() error {
	for _, key := range s.broken {
		if n, ok := s.rows[key]; ok && n != 1 {
			return fmt.Errorf("at the end of epoch %d there is %q %d times", s.epoch, key, n)
		}
	}
	s.broken = s.broken[:0]
	s.epochs++
	if s.sum != 0 || s.moves%2 != 0 {
		return fmt.Errorf("at the end of epoch %d the sum is %d, of %d moves", s.epoch, s.sum, s.moves)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.completed, s.completedAtAll = s.moves, true
	s.progress.Broadcast()
	return nil
}

// await waits until the end of an epoch with so many moves.
func (s *subscriber) await(moves int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.err == nil && !(s.completedAtAll && s.completed == moves) {
		s.progress.Wait()
	}
	return s.err
}
