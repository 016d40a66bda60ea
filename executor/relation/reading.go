package relation

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Reading is a relation's content frozen for one reader. Release it.
type Reading struct {
	content *content
	version *state.Version
	types   []types.Type
	// Cut is the epoch of the content: it is right for every epoch from Cut on until the relation's next block.
	Cut uint64
	// undo are the blocks past the epoch that the reader wants; their changes are taken back.
	undo []Block
}

// Read freezes the content as it is. It fails if the relation has been dropped: whoever found it may come to it late.
func (r *Relation) Read() (*Reading, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.content == nil {
		return nil, sqlerr.New(sqlerr.UndefinedTable, "relation %q does not exist", r.Name).
			WithDetail("It has been dropped in the meantime.")
	}
	return &Reading{content: r.content, version: r.content.arrangement().Freeze(), types: r.Types, Cut: r.cut}, nil
}

// Rewind turns a reading back to an epoch before its cut. It is false if the blocks between them are not kept any more.
func (r *Relation) Rewind(x *Reading, epoch uint64) bool {
	if epoch >= x.Cut {
		return true
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if epoch < r.history.trimmed {
		return false
	}
	x.undo = nil
	for _, b := range r.history.blocks[r.history.after(epoch):] {
		if b.Epoch > x.Cut {
			break
		}
		x.undo = append(x.undo, b)
	}
	return true
}

// Scan emits the rows with the given columns: those of the version, then the changes to take back, with their weights
// negated. Together they are the Z-set at the reading's epoch; it is consolidated only where nothing is undone.
func (x *Reading) Scan(columns []int, emit func(*vec.Batch) error) error {
	for g := range state.Groups {
		if err := x.ScanGroup(g, columns, emit); err != nil {
			return err
		}
	}
	return x.ScanUndo(columns, emit)
}

// ScanGroup emits the rows of one key group of the version, without what is to be undone.
func (x *Reading) ScanGroup(group int, columns []int, emit func(*vec.Batch) error) error {
	var s state.Scan
	if !x.OpenScan(&s, group, columns) {
		return nil
	}
	for {
		more, err := s.Next()
		if err != nil || !more {
			return err
		}
		if err := emit(s.Batch); err != nil {
			return err
		}
	}
}

// OpenScan begins a scan of one key group of the version: ScanGroup for who pulls. It is false if nothing can be there.
func (x *Reading) OpenScan(s *state.Scan, group int, columns []int) bool {
	s.Cols = x.content.columns(columns)
	return x.content.open(s, x.version, group)
}

// ScanUndo emits the changes that are to be taken back, with their weights negated.
func (x *Reading) ScanUndo(columns []int, emit func(*vec.Batch) error) error {
	for i := range x.undo {
		err := x.undo[i].Scan(func(b *vec.Batch) error {
			out := vec.Batch{N: b.N, Sel: b.Sel, Weights: make([]int64, b.N)}
			for _, c := range columns {
				out.Cols = append(out.Cols, b.Cols[c])
			}
			for k := range out.Weights {
				out.Weights[k] = -b.Weight(k)
			}
			return emit(&out)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Consolidated says that Scan emits each row once, with a positive weight.
func (x *Reading) Consolidated() bool { return len(x.undo) == 0 }

// Release gives the version back.
func (x *Reading) Release() {
	if x.version != nil {
		x.version.Release()
		x.version = nil
	}
}

// columns are the arrangement's columns that are the given ones of the relation.
func (c *content) columns(relation []int) []int {
	out := make([]int, len(relation))
	for i, k := range relation {
		out[i] = c.place[k]
	}
	return out
}
