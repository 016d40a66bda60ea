package changelog

import (
	"cmp"
	"encoding/binary"
	"fmt"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
)

// The newest format versions of what this package stores. An older version stays readable for good.
const (
	recordVersion    = 2 // 1: without Seen and Statuses
	referenceVersion = 1
	trimmedVersion   = 1
)

// appendRecord appends r's stored form but for its epoch, which is in the key.
func appendRecord(dst []byte, r *Record) []byte {
	dst = binary.AppendVarint(dst, r.Time)
	dst = binary.AppendUvarint(dst, uint64(len(r.Relations)))
	for _, x := range r.Relations {
		dst = binary.AppendUvarint(dst, uint64(x.Relation))
		dst = binary.AppendUvarint(dst, uint64(x.Chunks))
		dst = binary.AppendUvarint(dst, x.Rows)
	}
	dst = AppendSplits(dst, r.Splits)
	dst = AppendWatermarks(dst, r.Watermarks)
	dst = AppendWatermarks(dst, r.Seen)
	dst = appendStatuses(dst, r.Statuses)
	return kv.AppendBytes(dst, r.Catalog)
}

// decodeRecord reads the record of an epoch from its stored form, and shares nothing with it.
func decodeRecord(key, sealed []byte) (*Record, error) {
	r := &Record{Epoch: kv.EpochOfKey(key)}
	what := func() string { return fmt.Sprintf("record of epoch %d", r.Epoch) }
	payload, version, err := kv.Unseal(key, sealed, recordVersion, what)
	if err != nil {
		return nil, err
	}
	d := kv.NewDecoder(payload)
	r.Time = d.Varint()
	r.Relations = make([]RelationRows, d.Count())
	for i := range r.Relations {
		r.Relations[i] = RelationRows{Relation: uint32(d.Uvarint()), Chunks: uint32(d.Uvarint()), Rows: d.Uvarint()}
	}
	r.Splits = DecodeSplits(d)
	r.Watermarks = DecodeWatermarks(d)
	if version >= 2 {
		r.Seen, r.Statuses = DecodeWatermarks(d), decodeStatuses(d)
	}
	r.Catalog = append([]byte(nil), d.Bytes()...)
	if !d.Done() {
		return nil, kv.Damaged(what(), "its fields do not add up")
	}
	return r, nil
}

// AppendSplits appends the stored form of splits: also snapshots hold them.
func AppendSplits(dst []byte, splits []Split) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(splits)))
	for _, s := range splits {
		dst = binary.AppendUvarint(dst, uint64(s.Relation))
		dst = kv.AppendBytes(dst, s.Name)
		dst = kv.AppendBytes(dst, s.Position)
		dst = kv.AppendBool(dst, s.Idle)
	}
	return dst
}

// DecodeSplits reads what AppendSplits wrote, and shares nothing with it.
func DecodeSplits(d *kv.Decoder) []Split {
	splits := make([]Split, d.Count())
	for i := range splits {
		splits[i] = Split{
			Relation: uint32(d.Uvarint()),
			Name:     string(d.Bytes()),
			Position: append([]byte(nil), d.Bytes()...),
			Idle:     d.Bool(),
		}
	}
	return splits
}

// AppendWatermarks appends the stored form of watermarks: also snapshots hold them.
func AppendWatermarks(dst []byte, marks []Watermark) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(marks)))
	for _, w := range marks {
		dst = binary.AppendUvarint(dst, uint64(w.Relation))
		dst = kv.AppendBytes(dst, w.Split)
		dst = binary.AppendVarint(dst, w.Time)
	}
	return dst
}

// DecodeWatermarks reads what AppendWatermarks wrote.
func DecodeWatermarks(d *kv.Decoder) []Watermark {
	marks := make([]Watermark, d.Count())
	for i := range marks {
		marks[i] = Watermark{Relation: uint32(d.Uvarint()), Split: string(d.Bytes()), Time: d.Varint()}
	}
	return marks
}

func appendStatuses(dst []byte, list []Status) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	for _, s := range list {
		dst = kv.AppendBool(binary.AppendUvarint(dst, uint64(s.Relation)), s.Idle)
	}
	return dst
}

func decodeStatuses(d *kv.Decoder) []Status {
	list := make([]Status, d.Count())
	for i := range list {
		list[i] = Status{Relation: uint32(d.Uvarint()), Idle: d.Bool()}
	}
	return list
}

// reference is a stage in an epoch. Its chunks are numbered with the epoch's blocks, from at.chunk on, so that rows keep
// the order in which they were given.
type reference struct {
	at     blockID
	stage  uint64
	extent extent
}

// extent is how much a stage holds.
type extent struct {
	chunks uint32
	rows   uint64
}

// blockID is the place of a block in a relation.
type blockID struct {
	epoch uint64
	chunk uint32
}

func (a blockID) compare(b blockID) int {
	return cmp.Or(cmp.Compare(a.epoch, b.epoch), cmp.Compare(a.chunk, b.chunk))
}

func (r *reference) append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(r.at.chunk))
	dst = binary.AppendUvarint(dst, uint64(r.extent.chunks))
	return binary.AppendUvarint(dst, r.extent.rows)
}

func decodeReference(key, sealed []byte) (r reference, err error) {
	r.at.epoch, r.stage = kv.ReferenceNumbers(key)
	what := func() string {
		return fmt.Sprintf("reference to stage %d in epoch %d of relation %d", r.stage, r.at.epoch, kv.LogRelation(key))
	}
	payload, _, err := kv.Unseal(key, sealed, referenceVersion, what)
	if err != nil {
		return r, err
	}
	d := kv.NewDecoder(payload)
	r.at.chunk = uint32(d.Uvarint())
	r.extent = extent{chunks: uint32(d.Uvarint()), rows: d.Uvarint()}
	if !d.Done() {
		return r, kv.Damaged(what(), "its fields do not add up")
	}
	return r, nil
}

func (t *Trimmed) append(dst []byte) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(dst, t.Upto), t.At)
}

func decodeTrimmed(key, sealed []byte) (t Trimmed, err error) {
	what := func() string { return fmt.Sprintf("trimming mark of relation %d", kv.LogRelation(key)) }
	payload, _, err := kv.Unseal(key, sealed, trimmedVersion, what)
	if err != nil {
		return t, err
	}
	d := kv.NewDecoder(payload)
	t.Upto, t.At = d.Uvarint(), d.Uvarint()
	if !d.Done() {
		return t, kv.Damaged(what(), "its fields do not add up")
	}
	return t, nil
}

// decodeBlock reads a block, which has a version and a checksum of its own (vec.AppendBlock).
func decodeBlock(key, value []byte) (*vec.Batch, error) {
	b, rest, err := vec.DecodeBlock(value)
	if err != nil {
		return nil, sqlerr.Wrap(err, sqlerr.DataCorrupted, "%s is damaged: %s", blockName(key), sqlerr.From(err).Message)
	}
	if len(rest) != 0 {
		return nil, kv.Damaged(blockName(key), "there are bytes behind it")
	}
	return b, nil
}

// blockName names a block or a stage's chunk in an error.
func blockName(key []byte) string {
	n, chunk := kv.LogKeyNumbers(key)
	if kv.IsBlockKey(key) {
		return fmt.Sprintf("block %d of relation %d in epoch %d", chunk, kv.LogRelation(key), n)
	}
	return fmt.Sprintf("block %d of relation %d in stage %d", chunk, kv.LogRelation(key), n)
}
