package database

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"strconv"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/snapshot"
	"github.com/streamdb/streamdb/storage/state"
)

// planHash tells whether state belongs to a plan.
func planHash(plan []byte) uint64 {
	h := fnv.New64a()
	h.Write(plan)
	return h.Sum64()
}

// planOf is the hash of a view's plan; 0 of a table, which has none. A table's snapshot says instead how many columns had been added.
func planOf(r *catalog.Relation) uint64 {
	if r.ViewDef == nil {
		return 0
	}
	return planHash(r.ViewDef.Plan)
}

func stateName(oid uint32) string { return fmt.Sprintf("relation %010d", oid) }

// writeGroup writes a snapshot of the members' frozen state, all but its commit.
func (s *snapshots) writeGroup(t *taking) (*snapshot.Writer, error) {
	w, err := s.store.Begin(uint64(t.group), t.epoch, t.started)
	if err != nil {
		return nil, err
	}
	var marks []changelog.Watermark
	for _, m := range t.members {
		if err := s.writeMember(w, m); err != nil {
			w.Abort()
			return nil, err
		}
		marks = m.appendMarks(marks)
	}
	w.Finish(nil, marks, s.db.cfg.Sched.Now())
	return w, nil
}

// writeMember writes the pages of a job's states that are not stored yet, and their manifests.
func (s *snapshots) writeMember(w *snapshot.Writer, m member) error {
	st := snapshot.State{Name: stateName(m.oid), Namespace: uint64(m.oid), Plan: m.plan}
	versions := make([]*state.Version, 0, len(m.versions))
	for _, v := range m.versions {
		versions = append(versions, v.Version)
	}
	put := func(id state.PageID, page []byte) error {
		s.breather.breathe()
		return w.PutPage(st.Namespace, id, page)
	}
	if err := state.DirtyPages(versions, put); err != nil {
		return err
	}
	for _, v := range m.versions {
		manifest := v.Version.Manifest(nil)
		if err := state.ManifestPages(manifest, func(id state.PageID) { st.Pages = append(st.Pages, id) }); err != nil {
			return err
		}
		st.Data = binary.AppendVarint(st.Data, int64(v.Node))
		st.Data = binary.AppendUvarint(st.Data, uint64(v.Index))
		st.Data = binary.AppendUvarint(st.Data, uint64(v.Task))
		st.Data = binary.AppendUvarint(st.Data, uint64(len(manifest)))
		st.Data = append(st.Data, manifest...)
	}
	return w.PutState(st)
}

// appendMarks appends the watermark of a member's relation and, under their numbers, those of its job's scans.
func (m *member) appendMarks(list []changelog.Watermark) []changelog.Watermark {
	list = append(list, changelog.Watermark{Relation: m.oid, Time: m.watermark})
	for i, t := range m.marks {
		list = append(list, changelog.Watermark{Relation: m.oid, Split: strconv.Itoa(i), Time: t})
	}
	return list
}

// readMarks reads what appendMarks wrote.
func (x *restored) readMarks(list []changelog.Watermark, oid uint32) {
	for _, w := range list {
		switch {
		case w.Relation != oid:
		case w.Split == "":
			x.watermark = w.Time
		default: // scans are in their order
			x.marks = append(x.marks, w.Time)
		}
	}
}

// restored is what a snapshot has of a relation and its job.
type restored struct {
	epoch     uint64
	states    []driver.State
	content   []byte
	keys      [][]byte
	watermark int64
	marks     []int64
	added     int // columns of a table, by ALTER
}

// stored is the relation's part of it.
func (x *restored) stored() *relation.Stored {
	return &relation.Stored{Content: x.content, Keys: x.keys, Cut: x.epoch, Watermark: x.watermark, Added: x.added}
}

// newestOf reads the newest snapshot that has a relation; nil if there is none, or it is of another plan.
func (s *snapshots) newestOf(r *catalog.Relation) (*restored, error) {
	name := stateName(r.Computation())
	snap := s.store.Holding(name)
	if snap == nil {
		return nil, nil
	}
	st, ok, err := snap.State(name)
	if err != nil || !ok || r.ViewDef != nil && st.Plan != planOf(r) {
		return nil, err
	}
	x := &restored{epoch: snap.Epoch, watermark: op.NoWatermark}
	if r.ViewDef == nil {
		x.added = int(st.Plan)
	}
	x.readMarks(snap.Watermarks, r.Computation())
	return x, x.decode(st.Data)
}

var errStates = sqlerr.New(sqlerr.DataCorrupted, "the states of a snapshot cannot be read")

// decode reads the manifests that writeMember wrote.
func (x *restored) decode(b []byte) (err error) {
	number := func() (v uint64) {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			err = errStates
			return 0
		}
		b = b[n:]
		return v
	}
	for len(b) > 0 && err == nil {
		node, n := binary.Varint(b)
		if n <= 0 {
			return errStates
		}
		b = b[n:]
		st := driver.State{Node: int(node), Index: int(number()), Task: int(number())}
		size := number()
		if err != nil || size > uint64(len(b)) {
			return errStates
		}
		st.Manifest = b[:size]
		b = b[size:]
		x.add(st)
	}
	return err
}

// add puts a state where it belongs.
func (x *restored) add(st driver.State) {
	switch {
	case st.Node != contentNode:
		x.states = append(x.states, st)
	case st.Index == 0:
		x.content = st.Manifest
	default:
		x.keys = append(x.keys, st.Manifest)
	}
}
