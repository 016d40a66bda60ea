// Package hold has the operator of the Hold node, which keeps the rows of windows until they have closed.
//
// Invariants:
//   - A window's rows come out once, all of them, before the watermark that closes it, and none of them is ever taken back.
package hold

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Hold is the operator of the Hold node.
type Hold struct {
	lay       *sorted.Layout
	end       int
	rows      *state.Sliced
	watermark int64

	ends   sorted.Ends
	view   vec.Batch
	emit   vec.Batch
	hashes []uint64
	part   []uint64
}

// New makes the operator of a Hold node over an input with columns of types ts.
func New(n *physical.Hold, ts []types.Type, mem *state.Memory) *Hold {
	lay := sorted.NewLayout(ts, n.Keys, nil)
	return &Hold{lay: lay, end: lay.Place[n.End], rows: state.NewSliced(mem, state.Spec{Types: lay.Spec.Types, Key: lay.Key}), watermark: op.NoWatermark}
}

// Open implements op.Operator.
func (h *Hold) Open(*op.Context) error { return nil }

// Push implements op.Operator.
func (h *Hold) Push(_ int, b *vec.Batch, _ op.Output) error {
	if b.Rows() == 0 {
		return nil
	}
	h.lay.View(b, &h.view)
	if n := b.Rows(); cap(h.hashes) < n {
		h.hashes = make([]uint64, n, max(n, vec.BatchSize))
	}
	hashes := h.hashes[:b.Rows()]
	vec.HashRows(h.view.Cols[:h.lay.Key], b.Sel, b.N, hashes)
	return h.ends.Each(h.view.Cols[h.end], b.Sel, b.N, func(end int64, rows, at []int32) error {
		if end <= h.watermark {
			return nil // what revises a window that has closed comes too late
		}
		h.part = h.part[:0]
		for _, k := range at {
			h.part = append(h.part, hashes[k])
		}
		part := h.view
		part.Sel = rows
		return h.rows.Ensure(end).Apply(&part, h.part, nil)
	})
}

// Watermark implements op.Operator: it emits the windows that close.
func (h *Hold) Watermark(_ int, t int64, out op.Output) error {
	if t <= h.watermark {
		return nil
	}
	h.watermark = t
	for _, end := range h.rows.Starts(nil) {
		if end > t {
			break
		}
		if err := h.give(h.rows.Slice(end), out); err != nil {
			return err
		}
	}
	if t == op.EndOfTime {
		h.rows.Clear()
	} else {
		h.rows.DropBefore(t + 1)
	}
	return out.Watermark(t)
}

// give emits the rows of a window.
func (h *Hold) give(rows *state.Hashed, out op.Output) error {
	var scan state.Scan
	rows.Scan(&scan, -1)
	for {
		ok, err := scan.Next()
		if err != nil || !ok {
			return err
		}
		h.lay.Unview(scan.Batch, &h.emit)
		if err := out.Batch(&h.emit); err != nil {
			return err
		}
	}
}

// Prompt implements op.Prompt: a window is out before the watermark that closes it.
func (h *Hold) Prompt() bool { return true }

// EndStep implements op.Operator.
func (h *Hold) EndStep(op.Output) error { return nil }

// State implements op.Stateful.
func (h *Hold) State() []op.State { return []op.State{h.rows} }

// Close implements op.Operator.
func (h *Hold) Close() { h.rows.Release() }
