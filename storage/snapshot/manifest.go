package snapshot

import (
	"encoding/binary"
	"fmt"

	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/state"
)

// The newest format versions of what this package stores. An older version stays readable for good.
const (
	headVersion = 1
	partVersion = 1
	pageVersion = 1
)

// Head is what a snapshot says about the whole group.
type Head struct {
	// Group is the group of jobs, and Epoch the epoch at which all of it stands.
	Group, Epoch uint64
	// Started is when the snapshot was begun, in microseconds since 1970, and Duration how long it took, in microseconds.
	Started, Duration int64
	// Bytes is how many bytes of pages and parts were written for it.
	Bytes uint64
	// Sources and Watermarks are the positions of all splits and all watermarks at Epoch, not only those that moved then.
	Sources    []changelog.Split
	Watermarks []changelog.Watermark
}

// State is the manifest of one state.
type State struct {
	// Name tells the states of a group apart.
	Name string
	// Namespace is where its pages are.
	Namespace uint64
	// Plan is the hash of the plan that the state belongs to.
	Plan uint64
	// Pages are the ids of all pages that it consists of, in any order.
	Pages []state.PageID
	// Data is the state's own description of how it is made of them.
	Data []byte
}

// part is a stored State, without its data.
type part struct {
	number uint64
	State
}

func appendHead(dst []byte, h *Head, parts []*part) []byte {
	dst = binary.AppendVarint(dst, h.Started)
	dst = binary.AppendVarint(dst, h.Duration)
	dst = binary.AppendUvarint(dst, h.Bytes)
	dst = changelog.AppendSplits(dst, h.Sources)
	dst = changelog.AppendWatermarks(dst, h.Watermarks)
	dst = binary.AppendUvarint(dst, uint64(len(parts)))
	for _, p := range parts {
		dst = binary.AppendUvarint(dst, p.number)
	}
	return dst
}

func decodeHead(key, sealed []byte) (h Head, parts []uint64, err error) {
	h.Group, h.Epoch = kv.SnapshotNumbers(key)
	what := func() string { return fmt.Sprintf("snapshot of group %d at epoch %d", h.Group, h.Epoch) }
	payload, _, err := kv.Unseal(key, sealed, headVersion, what)
	if err != nil {
		return h, nil, err
	}
	d := kv.NewDecoder(payload)
	h.Started, h.Duration, h.Bytes = d.Varint(), d.Varint(), d.Uvarint()
	h.Sources = changelog.DecodeSplits(d)
	h.Watermarks = changelog.DecodeWatermarks(d)
	parts = make([]uint64, d.Count())
	for i := range parts {
		parts[i] = d.Uvarint()
	}
	if !d.Done() {
		return h, nil, kv.Damaged(what(), "its fields do not add up")
	}
	return h, parts, nil
}

// appendPart appends a state's stored form. Pages must ascend; each is stored as its distance to the one before.
func appendPart(dst []byte, s *State) []byte {
	dst = kv.AppendBytes(dst, s.Name)
	dst = binary.AppendUvarint(dst, s.Namespace)
	dst = binary.AppendUvarint(dst, s.Plan)
	dst = binary.AppendUvarint(dst, uint64(len(s.Pages)))
	var before state.PageID
	for _, id := range s.Pages {
		dst = binary.AppendUvarint(dst, uint64(id-before))
		before = id
	}
	return append(dst, s.Data...)
}

// decodePart reads a part. Its data shares sealed's memory.
func decodePart(key, sealed []byte) (*part, error) {
	p := &part{number: kv.SnapshotPart(key)}
	what := func() string { return fmt.Sprintf("part %d of the snapshots", p.number) }
	payload, _, err := kv.Unseal(key, sealed, partVersion, what)
	if err != nil {
		return nil, err
	}
	d := kv.NewDecoder(payload)
	p.Name, p.Namespace, p.Plan = string(d.Bytes()), d.Uvarint(), d.Uvarint()
	p.Pages = make([]state.PageID, d.Count())
	var id state.PageID
	for i := range p.Pages {
		id += state.PageID(d.Uvarint())
		p.Pages[i] = id
	}
	if d.Failed() {
		return nil, kv.Damaged(what(), "its fields do not add up")
	}
	p.Data = d.Rest()
	return p, nil
}
