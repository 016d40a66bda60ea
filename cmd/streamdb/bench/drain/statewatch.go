package drain

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
)

// stateEvery is how often the sink's state is looked at.
const stateEvery = 100 * time.Millisecond

// stateWatch looks at the memory of the sinks' state while it runs: at the end of its streams all windows have closed and their state is
// gone.
type stateWatch struct {
	cancel  context.CancelFunc
	done    sync.WaitGroup
	highest int64
}

// watchState begins to watch, by a session of its own.
func watchState(ctx context.Context, s *process.Server) (*stateWatch, error) {
	conn, err := s.Connect(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	w := &stateWatch{cancel: cancel}
	w.done.Go(func() {
		defer conn.Close(context.WithoutCancel(ctx))
		tick := time.NewTicker(stateEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if x, err := readSinks(ctx, conn); err == nil {
				w.highest = max(w.highest, x.stateBytes)
			} else if !errors.Is(err, pgx.ErrNoRows) { // who waits for the sinks will see what is wrong
				return
			}
		}
	})
	return w, nil
}

// stop ends watching and gives the most that was seen. It may be called again.
func (w *stateWatch) stop() int64 {
	w.cancel()
	w.done.Wait()
	return w.highest
}
