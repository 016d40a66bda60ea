package session

import (
	"context"
	"fmt"
	"iter"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// portal implements engine.Portal. A run without a row limit pushes its rows straight to the client. One with a limit becomes a
// coroutine that stops in the middle of its output and goes on with the next Run: portals with row limits, FETCH from cursors
// and SUBSCRIBE are this one thing.
type portal struct {
	session   *Session
	text      string
	statement ast.Statement
	action    *action
	args      []types.Datum
	exec      execution
	ctx       switchContext

	next func() (item, bool)
	stop func()
	left *vec.Batch // rows of the batch at hand that were not taken yet
	from int        // how many of its rows were taken
	done bool
	tag  string
	err  error
}

// item is what the coroutine yields: a batch, or nothing, to say that there is nothing now.
type item struct{ batch *vec.Batch }

// Columns implements engine.Portal.
func (p *portal) Columns() []engine.Column { return p.action.columns }

// Close implements engine.Portal.
func (p *portal) Close() {
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
	p.done = true
}

// Run implements engine.Portal.
func (p *portal) Run(ctx context.Context, maxRows int64, w engine.RowWriter) (engine.Result, error) {
	ctx, c := p.session.run(ctx, p.text)
	defer c.end()
	r, err := p.run(ctx, maxRows, w)
	if err != nil {
		err = sqlerr.From(causeOf(ctx, err))
		p.Close()
		p.session.fail()
	}
	return r, err
}

// causeOf is why the context was cancelled, if that is what err is about.
func causeOf(ctx context.Context, err error) error {
	if ctx.Err() != nil && sqlerr.CodeOf(err) == sqlerr.QueryCanceled {
		return context.Cause(ctx)
	}
	return err
}

func (p *portal) run(ctx context.Context, maxRows int64, w engine.RowWriter) (engine.Result, error) {
	if p.session.block == failedBlock && !endsBlock(p.statement) {
		return engine.Result{}, errFailedBlock()
	}
	if !endsBlock(p.statement) {
		p.session.transaction()
	}
	if maxRows == 0 && p.next == nil && !p.done {
		p.exec = execution{Session: p.session, args: p.args, out: w, pause: w.Flush}
		p.exec.sharer, _ = w.(engine.Sharer)
		p.exec.emit = func(b *vec.Batch) error {
			p.exec.rows += count(b)
			return w.Batch(b)
		}
		p.done = true
		tag, err := p.action.run(ctx, &p.exec)
		return engine.Result{Tag: tag}, err
	}
	if maxRows == 0 {
		maxRows = math.MaxInt64
	}
	taken, suspended, err := p.take(ctx, maxRows, w.Batch)
	if err != nil || suspended {
		return engine.Result{Suspended: suspended}, err
	}
	if strings.HasPrefix(p.tag, "SELECT ") {
		return engine.Result{Tag: fmt.Sprintf("SELECT %d", taken)}, nil // of this run, as PostgreSQL counts
	}
	return engine.Result{Tag: p.tag}, nil
}

// take gives out up to maxRows rows. suspended says that there may be more.
func (p *portal) take(ctx context.Context, maxRows int64, out func(*vec.Batch) error) (taken int64, suspended bool, err error) {
	if p.next == nil && !p.done {
		p.begin()
	}
	p.ctx.set(ctx)
	for taken < maxRows {
		if p.left == nil {
			if p.done {
				break
			}
			x, ok := p.next()
			if !ok {
				p.done = true
				break
			}
			if x.batch == nil {
				return taken, true, nil
			}
			p.left, p.from = x.batch, 0
		}
		n, err := p.cut(maxRows-taken, out)
		if err != nil {
			return taken, false, err
		}
		taken += n
	}
	if p.err != nil && p.left == nil {
		return taken, false, p.err
	}
	return taken, p.left != nil || !p.done, nil
}

// begin makes the coroutine. It runs only inside next.
func (p *portal) begin() {
	p.next, p.stop = iter.Pull(func(yield func(item) bool) {
		p.exec = execution{Session: p.session, args: p.args}
		p.exec.emit = func(b *vec.Batch) error {
			p.exec.rows += count(b)
			if !yield(item{b}) {
				return op.ErrDone
			}
			return nil
		}
		p.exec.pause = func() error {
			if !yield(item{}) {
				return op.ErrDone
			}
			return nil
		}
		p.tag, p.err = p.action.run(&p.ctx, &p.exec)
		if p.err == op.ErrDone {
			p.err = nil
		}
	})
}

// cut gives out up to max rows of the batch at hand. Rows are counted with their weights.
func (p *portal) cut(max int64, out func(*vec.Batch) error) (int64, error) {
	b := p.left
	var rows []int32
	n := int64(0)
	for p.from < b.Rows() && n < max {
		i := b.Row(p.from)
		w := b.Weight(i)
		if n+w > max && b.Weights != nil {
			part := max - n
			b.Weights[i] -= part
			one := *b
			one.Sel, one.Weights = append(rows, repeat(int32(i), part)...), nil
			return max, out(&one)
		}
		rows = append(rows, repeat(int32(i), w)...)
		n += w
		p.from++
	}
	if p.from == b.Rows() {
		p.left = nil
	}
	if len(rows) == 0 {
		return 0, nil
	}
	part := *b
	part.Sel, part.Weights = rows, nil
	return n, out(&part)
}

func repeat(i int32, n int64) []int32 {
	out := make([]int32, n)
	for k := range out {
		out[k] = i
	}
	return out
}

// count is how many SQL rows a batch has.
func count(b *vec.Batch) int64 {
	if b.Weights == nil {
		return int64(b.Rows())
	}
	n := int64(0)
	for k := range b.Rows() {
		n += b.Weight(b.Row(k))
	}
	return n
}

// switchContext is the context of a coroutine: that of the Run that it is in.
type switchContext struct {
	mu  sync.Mutex
	now context.Context
}

func (c *switchContext) set(ctx context.Context) {
	c.mu.Lock()
	c.now = ctx
	c.mu.Unlock()
}

func (c *switchContext) get() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *switchContext) Deadline() (time.Time, bool) { return c.get().Deadline() }
func (c *switchContext) Done() <-chan struct{}       { return c.get().Done() }
func (c *switchContext) Err() error                  { return c.get().Err() }
func (c *switchContext) Value(key any) any           { return c.get().Value(key) }
