package database

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/streamdb/streamdb/executor/driver"
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

func stateName(oid uint32) string { return fmt.Sprintf("relation %010d", oid) }

// write makes a snapshot of the members' frozen state.
func (s *snapshots) write(t *taking) error {
	w, err := s.store.Begin(uint64(t.group), t.epoch, t.started)
	if err != nil {
		return err
	}
	defer w.Abort()
	var marks []changelog.Watermark
	for _, m := range t.members {
		if err := writeMember(w, m); err != nil {
			return err
		}
		marks = append(marks, changelog.Watermark{Relation: m.oid, Time: m.watermark})
	}
	if err := w.Commit(nil, marks, s.db.cfg.Sched.Now()); err != nil {
		return err
	}
	for _, m := range t.members {
		for _, v := range m.versions {
			v.Version.MarkStored()
		}
	}
	return nil
}

// writeMember writes the pages of a job's states that are not stored yet, and their manifests.
func writeMember(w *snapshot.Writer, m member) error {
	st := snapshot.State{Name: stateName(m.oid), Namespace: uint64(m.oid), Plan: m.plan}
	for _, v := range m.versions {
		if err := v.Version.DirtyPages(func(id state.PageID, page []byte) error { return w.PutPage(st.Namespace, id, page) }); err != nil {
			return err
		}
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

// restored is what a snapshot has of a job.
type restored struct {
	epoch     uint64
	states    []driver.State
	watermark int64
}

// newestOf reads what the newest snapshot of a group has of its members: all but the views created since. It is nil if there is none
// with their plans, or one of them has been resumed since.
func (s *snapshots) newestOf(c *catalog.Catalog, group uint32, oids []uint32) (map[uint32]*restored, error) {
	snap := s.store.Newest(uint64(group))
	if snap == nil {
		return nil, nil
	}
	out := map[uint32]*restored{}
	for _, oid := range oids {
		if resumed, err := s.db.resumedSince(oid, snap.Epoch); resumed || err != nil {
			return nil, err
		}
		st, ok, err := snap.State(stateName(oid))
		if err != nil {
			return nil, err
		}
		r, exists := c.RelationByOID(oid)
		if !ok && exists && r.Kind == catalog.View {
			continue // created since, so none of the others reads it: it begins anew over them
		}
		if !ok || !exists || st.Plan != planHash(r.ViewDef.Plan) {
			return nil, nil
		}
		x := &restored{epoch: snap.Epoch}
		if x.states, err = decodeStates(st.Data); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(snap.Watermarks, func(w changelog.Watermark) bool { return w.Relation == oid })
		if i >= 0 {
			x.watermark = snap.Watermarks[i].Time
		}
		out[oid] = x
	}
	return out, nil
}

var errStates = sqlerr.New(sqlerr.DataCorrupted, "the states of a snapshot cannot be read")

// decodeStates reads the manifests that writeMember wrote.
func decodeStates(b []byte) (out []driver.State, err error) {
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
			return nil, errStates
		}
		b = b[n:]
		x := driver.State{Node: int(node), Index: int(number()), Task: int(number())}
		size := number()
		if err != nil || size > uint64(len(b)) {
			return nil, errStates
		}
		x.Manifest = b[:size]
		b = b[size:]
		out = append(out, x)
	}
	return out, err
}
