package changelog

import (
	"bytes"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
)

const (
	// defaultSpillBytes is how much a stage holds in memory before it begins to write to disk. Below it rows are cheaper in
	// the epoch's own commit, and a file of their own would be small for good; above it they must not pass through the
	// write-ahead log.
	defaultSpillBytes = 4 << 20
	// runBytes is the size of one sorted run that a stage writes.
	runBytes = 32 << 20
)

type stageState uint8

const (
	stageOpen stageState = iota
	stageFinished
	stageAppended
	stageAborted
)

// Stage collects rows for an epoch that is yet to come: those of a COPY, or of a transaction. It holds a small number of
// rows in memory and writes more to disk, where nobody sees them before Append names the stage. It is for one goroutine.
type Stage struct {
	log      *Log
	relation uint32
	state    stageState
	pack     packer
	extent   extent

	held      [][]byte // encoded blocks, while all of them are in memory
	heldBytes int
	id        uint64 // of the blocks on disk; 0 while there are none
	run       kv.Bulk
	packing   kv.Compression // of runs
	buf       []byte         // reused for encoding
}

// Stage begins a stage for a relation's rows. It costs nothing until rows come.
func (l *Log) Stage(relation uint32) *Stage { return &Stage{log: l, relation: relation} }

// Write adds the rows of b, whose columns must have the types of the batches before it. b is read, not kept.
func (s *Stage) Write(b *vec.Batch) error {
	if s.state != stageOpen {
		return sqlerr.Internal("rows are written to a stage that is finished")
	}
	s.extent.rows += uint64(b.Rows())
	return s.pack.add(b, s.addBlock)
}

// Rows is the number of rows written.
func (s *Stage) Rows() uint64 { return s.extent.rows }

// Finish makes all rows durable if there are many, so that Append, for which others wait, has nothing left to do. Append
// calls it if it was not called.
func (s *Stage) Finish() error {
	if s.state == stageFinished {
		return nil
	}
	if s.state != stageOpen {
		return sqlerr.Internal("a stage is appended twice, or after it was aborted")
	}
	if err := s.pack.flush(s.addBlock); err != nil {
		return err
	}
	if s.run != nil {
		if err := s.run.Commit(); err != nil {
			return err
		}
		s.run = nil
	}
	s.state = stageFinished
	return nil
}

// Abort drops the stage and its rows. It does nothing once the stage was appended.
func (s *Stage) Abort() {
	if s.state == stageAppended || s.state == stageAborted {
		return
	}
	s.state = stageAborted
	if s.run != nil {
		s.run.Abort()
		s.run = nil
	}
	s.held = nil
	if s.id != 0 {
		var b kv.Batch
		b.DeleteRange(kv.StageRange(s.relation, s.id))
		// If this fails, the store refuses writes, and the next opening sweeps the stage.
		_ = s.log.store.Commit(&b, false)
	}
}

// addBlock takes a full block. The block is the caller's again when it returns.
func (s *Stage) addBlock(b *vec.Batch) error {
	if s.extent.chunks++; s.extent.chunks == 1 {
		s.packing = packing(b)
	}
	block, err := vec.AppendBlock(s.buf[:0], b, vec.Uncompressed)
	if err != nil {
		return err
	}
	s.buf = block
	if s.id == 0 {
		s.held = append(s.held, bytes.Clone(block))
		if s.heldBytes += len(block); s.heldBytes < s.log.spillBytes {
			return nil
		}
		return s.spill()
	}
	return s.writeBlock(s.extent.chunks-1, block)
}

// packing is how blocks like b are stored: numbers are packed already, and what that leaves is not worth compressing.
func packing(b *vec.Batch) kv.Compression {
	for _, c := range b.Cols {
		if k := c.Kind(); k == types.KindBytes || k == types.KindWide {
			return kv.Compressed
		}
	}
	return kv.Plain
}

// spill moves the blocks held in memory to disk; all later ones follow them.
func (s *Stage) spill() error {
	s.id = s.log.newStageID()
	for i, block := range s.held {
		if err := s.writeBlock(uint32(i), block); err != nil {
			return err
		}
	}
	s.held, s.heldBytes = nil, 0
	return nil
}

func (s *Stage) writeBlock(chunk uint32, block []byte) (err error) {
	if s.run == nil {
		if s.run, err = s.log.store.NewBulk(s.packing); err != nil {
			return err
		}
	}
	if err := s.run.Add(kv.StageKey(nil, s.relation, s.id, chunk), block); err != nil {
		return err
	}
	if s.run.Size() < runBytes {
		return nil
	}
	run := s.run
	s.run = nil
	return run.Commit()
}

// addTo puts the stage into an epoch: by reference if its rows are on disk, else as blocks from number chunk on. It gives
// the number of the next block.
func (s *Stage) addTo(b *kv.Batch, epoch uint64, chunk uint32) uint32 {
	if s.id != 0 {
		key := kv.ReferenceKey(s.relation, epoch, s.id)
		r := reference{at: blockID{epoch, chunk}, stage: s.id, extent: s.extent}
		b.SetInPlace(key, func(dst []byte) []byte { return kv.Seal(dst, key, referenceVersion, r.append) })
		return chunk + s.extent.chunks
	}
	for _, block := range s.held {
		b.Set(kv.BlockKey(nil, s.relation, epoch, chunk), block)
		chunk++
	}
	return chunk
}

func (l *Log) newStageID() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.nextStage++
	return l.nextStage
}
