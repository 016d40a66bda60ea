package kv

import "encoding/binary"

// Every key in a store begins with one of these bytes. Numbers in keys are big-endian, so that keys order as they do.
// What stands under a prefix is written and read by the package named, through the functions below, and by no other.
//
//	meta:            prefix, area, name…                          → the area's owner decides
//	epoch records:   prefix, epoch u64                            → changelog.Record
//	changelog rows:  prefix, relation u32, part, …                → see the log parts
//	state pages:     prefix, namespace u64, page u64              → a page
//	snapshot parts:  prefix, part u64                             → the manifest of one state
//	snapshot heads:  prefix, group u64, epoch u64                 → the snapshot, which names its parts
const (
	prefixMeta         byte = 0x01
	prefixEpoch        byte = 0x02
	prefixLog          byte = 0x03
	prefixPage         byte = 0x04
	prefixSnapshotPart byte = 0x05
	prefixSnapshotHead byte = 0x06
)

// The parts of a relation's rows in the changelog. One relation's keys are one range, so that one iterator, and with it
// one consistent view, can walk all of them.
//
//	references:  relation u32, 1, epoch u64, stage u64  → which chunks of the epoch that stage is
//	blocks:      relation u32, 2, epoch u64, chunk u32  → rows
//	stages:      relation u32, 3, stage u64, chunk u32  → rows, which count once a reference names the stage
//	trimmed:     relation u32, 4, 0                     → up to which epoch the relation's rows are gone
const (
	logReference byte = 1
	logBlock     byte = 2
	logStage     byte = 3
	logTrimmed   byte = 4
)

// MetaArea is a part of the meta keys: small facts that are committed atomically with whatever they belong to.
type MetaArea byte

// The areas. A number once given is never given again.
const (
	MetaCatalog   MetaArea = 1 // the catalog's objects by OID (big-endian), written by executor/session
	MetaPlan      MetaArea = 2 // a view's stored physical plan by OID, written by executor/job
	MetaSetting   MetaArea = 3 // settings changed with ALTER SYSTEM, by name
	MetaSequence  MetaArea = 4 // a sequence's high-water mark by OID: no value above it was ever given out
	MetaCounter   MetaArea = 5 // high-water marks of the server's own counters (OIDs, subscriptions), by name
	MetaSink      MetaArea = 6 // how far a sink has come, by OID
	MetaSubscribe MetaArea = 7 // durable cursors, by name
)

// MetaKey is the key of name in an area.
func MetaKey(area MetaArea, name []byte) []byte {
	return append([]byte{prefixMeta, byte(area)}, name...)
}

// MetaName is the name in a key made by MetaKey.
func MetaName(key []byte) []byte { return key[2:] }

// MetaRange is all keys of an area.
func MetaRange(area MetaArea) Range { return prefixRange([]byte{prefixMeta, byte(area)}) }

// EpochKey is the key of an epoch's record.
func EpochKey(epoch uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{prefixEpoch}, epoch)
}

// EpochOfKey is the epoch in a key made by EpochKey.
func EpochOfKey(key []byte) uint64 { return binary.BigEndian.Uint64(key[1:]) }

// EpochRange is the records of the epochs from (inclusive) to (exclusive).
func EpochRange(from, to uint64) Range { return Range{EpochKey(from), EpochKey(to)} }

// EpochRangeFrom is the records of the epochs from from on.
func EpochRangeFrom(from uint64) Range { return Range{EpochKey(from), []byte{prefixEpoch + 1}} }

// BlockKey is the key of a chunk of a relation's rows in an epoch. It appends to dst, as block keys are on the hot path.
func BlockKey(dst []byte, relation uint32, epoch uint64, chunk uint32) []byte {
	return binary.BigEndian.AppendUint32(logKey(dst, relation, logBlock, epoch), chunk)
}

// ReferenceKey is the key of the reference that puts a stage into an epoch.
func ReferenceKey(relation uint32, epoch, stage uint64) []byte {
	return binary.BigEndian.AppendUint64(logKey(nil, relation, logReference, epoch), stage)
}

// StageKey is the key of a chunk of a stage.
func StageKey(dst []byte, relation uint32, stage uint64, chunk uint32) []byte {
	return binary.BigEndian.AppendUint32(logKey(dst, relation, logStage, stage), chunk)
}

func logKey(dst []byte, relation uint32, part byte, n uint64) []byte {
	dst = binary.BigEndian.AppendUint32(append(dst, prefixLog), relation)
	return binary.BigEndian.AppendUint64(append(dst, part), n)
}

// LogKeyNumbers are the epoch and chunk of a block key, the stage and chunk of a stage key.
func LogKeyNumbers(key []byte) (n uint64, chunk uint32) {
	return binary.BigEndian.Uint64(key[6:]), binary.BigEndian.Uint32(key[14:])
}

// ReferenceNumbers are the epoch and stage of a reference key.
func ReferenceNumbers(key []byte) (epoch, stage uint64) {
	return binary.BigEndian.Uint64(key[6:]), binary.BigEndian.Uint64(key[14:])
}

// LogRelation is the relation of a changelog key.
func LogRelation(key []byte) uint32 { return binary.BigEndian.Uint32(key[1:]) }

// IsBlockKey reports whether a changelog key is a block's.
func IsBlockKey(key []byte) bool { return key[5] == logBlock }

// IsReferenceKey reports whether a changelog key is a reference's.
func IsReferenceKey(key []byte) bool { return key[5] == logReference }

// IsTrimmedKey reports whether a changelog key is that of TrimmedKey.
func IsTrimmedKey(key []byte) bool { return key[5] == logTrimmed }

// TrimmedKey is where it stands up to which epoch a relation's rows are gone.
func TrimmedKey(relation uint32) []byte { return logKey(nil, relation, logTrimmed, 0) }

// LogRange is all of a relation's changelog keys.
func LogRange(relation uint32) Range {
	return prefixRange(binary.BigEndian.AppendUint32([]byte{prefixLog}, relation))
}

// AllLogRange is the changelog keys of all relations.
func AllLogRange() Range { return prefixRange([]byte{prefixLog}) }

// ReferenceRange is a relation's references in the epochs from (inclusive) to (exclusive).
func ReferenceRange(relation uint32, from, to uint64) Range {
	return Range{logKey(nil, relation, logReference, from), logKey(nil, relation, logReference, to)}
}

// BlockRange is a relation's blocks in the epochs from (inclusive) to (exclusive).
func BlockRange(relation uint32, from, to uint64) Range {
	return Range{logKey(nil, relation, logBlock, from), logKey(nil, relation, logBlock, to)}
}

// StageRange is the chunks of one stage.
func StageRange(relation uint32, stage uint64) Range {
	return prefixRange(logKey(nil, relation, logStage, stage))
}

// StagesRange is the chunks of all stages of a relation.
func StagesRange(relation uint32) Range {
	k := binary.BigEndian.AppendUint32([]byte{prefixLog}, relation)
	return prefixRange(append(k, logStage))
}

// PageKey is the key of a state page.
func PageKey(dst []byte, namespace, page uint64) []byte {
	dst = binary.BigEndian.AppendUint64(append(dst, prefixPage), namespace)
	return binary.BigEndian.AppendUint64(dst, page)
}

// PageNumbers are the namespace and page of a key made by PageKey.
func PageNumbers(key []byte) (namespace, page uint64) {
	return binary.BigEndian.Uint64(key[1:]), binary.BigEndian.Uint64(key[9:])
}

// PageRange is the pages of a namespace from page on.
func PageRange(namespace, page uint64) Range {
	end := prefixRange(binary.BigEndian.AppendUint64([]byte{prefixPage}, namespace)).Upper
	return Range{PageKey(nil, namespace, page), end}
}

// AllPageRange is all state pages.
func AllPageRange() Range { return prefixRange([]byte{prefixPage}) }

// SnapshotHeadKey is the key of a snapshot's head.
func SnapshotHeadKey(group, epoch uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64([]byte{prefixSnapshotHead}, group), epoch)
}

// SnapshotNumbers are the group and epoch of the key of a snapshot's head.
func SnapshotNumbers(key []byte) (group, epoch uint64) {
	return binary.BigEndian.Uint64(key[1:]), binary.BigEndian.Uint64(key[9:])
}

// SnapshotPartKey is the key of a snapshot's part. Part numbers are never given twice.
func SnapshotPartKey(part uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{prefixSnapshotPart}, part)
}

// SnapshotPart is the part in a key made by SnapshotPartKey.
func SnapshotPart(key []byte) uint64 { return binary.BigEndian.Uint64(key[1:]) }

// AllSnapshotParts is the parts of all snapshots.
func AllSnapshotParts() Range { return prefixRange([]byte{prefixSnapshotPart}) }

// AllSnapshotHeads is the heads of all snapshots.
func AllSnapshotHeads() Range { return prefixRange([]byte{prefixSnapshotHead}) }

// prefixRange is all keys that begin with prefix, whose first byte is not 0xff.
func prefixRange(prefix []byte) Range {
	upper := append([]byte(nil), prefix...)
	for i := len(upper) - 1; ; i-- {
		if upper[i]++; upper[i] != 0 {
			return Range{prefix, upper[:i+1]}
		}
	}
}
