package showdown

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
)

// view is the name of the one that is measured.
const view = "v"

// trial is a query in a model, on a server of its own, with a subscriber.
type trial struct {
	server *process.Server
	// faults is where places of the server are made to fail; empty if they cannot be.
	faults string
	conn   *pgx.Conn
	sub    *subscriber
	// created is when the view's CREATE was sent, and began when the source's first event was due: sources of one counter go by the first.
	created, began time.Time
	// before is what the server had used when the view's CREATE was sent: a subscription waits for the end of a source without pace, so all
	// that is to be measured may be over when begin returns.
	before *process.Usage
}

// never is a snapshot interval longer than any run.
const never = time.Hour

// launch starts a server. snapshots is how often it takes them, 0 for its default.
func launch(ctx context.Context, snapshots time.Duration) (t *trial, err error) {
	t = &trial{}
	if t.faults, err = process.FreeAddress(); err != nil {
		return nil, err
	}
	flags := []string{"--failpoints", t.faults}
	if snapshots > 0 {
		flags = append(flags, "--snapshot-interval", snapshots.String())
	}
	if t.server, err = process.Start(ctx, flags...); err != nil {
		return nil, err
	}
	if t.conn, err = t.server.Connect(ctx); err != nil {
		return nil, errors.Join(err, t.end())
	}
	return t, nil
}

// begin starts a server and opens the trial there.
func begin(ctx context.Context, w workload, m model, p pace, snapshots time.Duration) (*trial, error) {
	t, err := launch(ctx, snapshots)
	if err != nil {
		return nil, err
	}
	if err := t.open(ctx, w, m, p); err != nil {
		return nil, errors.Join(err, t.end())
	}
	return t, nil
}

// open makes the streams, the view and the subscriber.
func (t *trial) open(ctx context.Context, w workload, m model, p pace) error {
	if err := t.exec(ctx, w.streams(p)); err != nil {
		return err
	}
	if err := t.conn.QueryRow(ctx, "SELECT min(created) FROM streamdb.streams WHERE connector = 'nexmark'").Scan(&t.began); err != nil {
		return err
	}
	var err error
	if t.before, err = t.server.Usage(); err != nil {
		return err
	}
	t.created = time.Now()
	if err := t.exec(ctx, fmt.Sprintf("SET client_min_messages = error; CREATE VIEW %s WITH (%s) AS %s", view, m.options(), w.sql)); err != nil {
		return err
	}
	return t.subscribe(ctx)
}

func (t *trial) subscribe(ctx context.Context) error {
	conn, err := t.server.Connect(ctx)
	if err != nil {
		return err
	}
	t.sub, err = subscribe(ctx, conn, view)
	return err
}

// exec runs statements without parameters.
func (t *trial) exec(ctx context.Context, sql string) error {
	_, err := t.conn.PgConn().Exec(ctx, sql).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", firstWords(sql), err)
	}
	return nil
}

func firstWords(sql string) string {
	const enough = 60
	if len(sql) > enough {
		return sql[:enough] + "…"
	}
	return sql
}

// fail makes a place fail as the rule says.
func (t *trial) fail(ctx context.Context, rule url.Values) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+t.faults+"/?"+rule.Encode(), nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("fail point %s: %s", rule.Encode(), answer.Status)
	}
	return nil
}

// drained waits until the sources have ended and the view has all their events.
func (t *trial) drained(ctx context.Context) error {
	for {
		var open int
		if err := t.conn.QueryRow(ctx, "SELECT count(*) FROM streamdb.streams WHERE connector = 'nexmark' AND status <> 'ended'").Scan(&open); err != nil {
			return err
		}
		if open == 0 {
			return t.exec(ctx, "FLUSH")
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return err
		}
	}
}

// pause waits.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// until waits until a time.
func until(ctx context.Context, at time.Time) error { return pause(ctx, time.Until(at)) }

// end ends the subscriber, the session and the server.
func (t *trial) end() error {
	if t.sub != nil {
		t.sub.stop()
	}
	if t.conn != nil {
		_ = t.conn.Close(context.Background()) // the server may have been killed
	}
	return t.server.Stop()
}
