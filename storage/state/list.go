package state

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// List is an append-only sequence of rows. Positions count rows since the list was made and never change: dropping a
// prefix leaves the others where they are.
type List struct{ ListReader }

// ListReader is what can be asked of a list or of a version of one.
type ListReader struct{}

// NewList makes an empty list.
func NewList(mem *Memory, ts []types.Type) *List { return &List{} }

// Append adds the rows of b with their weights.
func (l *List) Append(b *vec.Batch) error { return errForeign }

// DropPrefix forgets the rows before position end.
func (l *List) DropPrefix(end int64) error { return errForeign }

// Bounds are the positions of the first row kept and behind the last row.
func (l *ListReader) Bounds() (first, end int64) { return 0, 0 }

// ScanFrom begins a scan at a position (or at the first row kept, if that is later).
func (l *ListReader) ScanFrom(s *Scan, position int64) {}
