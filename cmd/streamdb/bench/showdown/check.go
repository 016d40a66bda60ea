package showdown

import (
	"context"
	"fmt"
	"time"
)

// deliveryTime is how long a subscriber has to be sent what the view has.
const deliveryTime = 30 * time.Second

// check compares the view's rows with what the subscriber was sent, and with its query over all events. The sources have ended and the
// view has come to their end. It gives the sum of the view's rows.
func (t *trial) check(ctx context.Context) (total, error) {
	want, err := t.content(ctx)
	if err != nil {
		return want, err
	}
	if t.sub != nil {
		if err := t.delivered(ctx, want); err != nil {
			return want, err
		}
	}
	rows, err := t.conn.Query(ctx, "CHECK VIEW "+view)
	if err != nil {
		return want, err
	}
	defer rows.Close()
	differences := 0
	for rows.Next() {
		differences++
	}
	if rows.Err() == nil && differences > 0 {
		return want, fmt.Errorf("wrong answer: the view differs from its query in %d rows", differences)
	}
	return want, rows.Err()
}

// content adds up the view's rows.
func (t *trial) content(ctx context.Context) (sum total, err error) {
	rows, err := t.conn.Query(ctx, "SELECT * FROM "+view)
	if err != nil {
		return sum, err
	}
	defer rows.Close()
	var scratch []byte
	for rows.Next() {
		scratch = sum.add(1, rows.RawValues(), scratch)
	}
	return sum, rows.Err()
}

// delivered waits until the subscriber has been sent just that.
func (t *trial) delivered(ctx context.Context, want total) error {
	for end := time.Now().Add(deliveryTime); ; {
		got, err := t.sub.sum()
		switch {
		case got == want:
			return nil
		case err != nil:
			return fmt.Errorf("the subscription has ended: %w", err)
		case time.Now().After(end):
			return fmt.Errorf("wrong answer: the changes that were sent add up to %d rows (%016x), the view has %d (%016x)",
				got.rows, got.hash, want.rows, want.hash)
		}
		if err := pause(ctx, time.Millisecond); err != nil {
			return err
		}
	}
}
