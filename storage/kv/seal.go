package kv

import (
	"encoding/binary"

	"github.com/zeebo/xxh3"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// A sealed value is: checksum u64 little-endian, format version byte, payload. The checksum (XXH3) covers the key, the
// version and the payload, so that a value in another key's place is found out as well. Pebble's own checksums guard
// what it reads from disk; the seal guards the whole way, blob files, caches and this program's own faults included.
const sealHeader = 9

// Seal appends to dst the sealed value of key, whose payload fill appends to the buffer it is given.
func Seal(dst, key []byte, version byte, fill func(dst []byte) []byte) []byte {
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0, 0, 0, 0, 0, version)
	dst = fill(dst)
	binary.LittleEndian.PutUint64(dst[start:], sealSum(key, dst[start+8:]))
	return dst
}

// Unseal checks the sealed value of key and gives its payload, which shares sealed's memory. what names the value in the
// error: XX001 if it is damaged, or if its version is above newest (then it was written by a newer StreamDB).
func Unseal(key, sealed []byte, newest byte, what func() string) (payload []byte, version byte, err error) {
	if len(sealed) < sealHeader || binary.LittleEndian.Uint64(sealed) != sealSum(key, sealed[8:]) {
		return nil, 0, Damaged(what(), "its checksum does not match")
	}
	if version = sealed[8]; version > newest {
		return nil, 0, sqlerr.New(sqlerr.DataCorrupted, "%s has format version %d, but this server reads versions up to %d",
			what(), version, newest).WithHint("Use the StreamDB version that wrote the data folder, or a newer one.")
	}
	return sealed[sealHeader:], version, nil
}

func sealSum(key, rest []byte) uint64 { return xxh3.HashSeed(rest, xxh3.Hash(key)) }

// Damaged is the error for stored bytes that are not what was written.
func Damaged(what, how string) *sqlerr.Error {
	return sqlerr.New(sqlerr.DataCorrupted, "%s is damaged: %s", what, how).
		WithHint("Check the disk, and restore the data folder from a copy.")
}

// Decoder reads the fields of a payload. After the first field that is not there all further ones are zero and Err is
// set, so that a decoder of many fields checks once.
type Decoder struct {
	rest []byte
	bad  bool
}

// NewDecoder reads from payload.
func NewDecoder(payload []byte) *Decoder { return &Decoder{rest: payload} }

// Uvarint reads a number.
func (d *Decoder) Uvarint() uint64 {
	v, n := binary.Uvarint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

// Varint reads a signed number.
func (d *Decoder) Varint() int64 {
	v, n := binary.Varint(d.rest)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

// Bool reads a truth value.
func (d *Decoder) Bool() bool { return d.Uvarint() != 0 }

// Bytes reads a byte string that has its length before it. It shares the payload's memory; nil if it is empty.
func (d *Decoder) Bytes() []byte {
	n := d.Uvarint()
	if n > uint64(len(d.rest)) {
		d.fail()
	}
	if d.bad || n == 0 {
		return nil
	}
	b := d.rest[:n:n]
	d.rest = d.rest[n:]
	return b
}

// Count reads the number of elements of a list, each of which takes at least one byte: so that a damaged count cannot
// make the reader allocate more than the payload is worth.
func (d *Decoder) Count() int {
	n := d.Uvarint()
	if n > uint64(len(d.rest)) {
		d.fail()
		return 0
	}
	return int(n)
}

// Done reports whether all fields were there and nothing was left over.
func (d *Decoder) Done() bool { return !d.bad && len(d.rest) == 0 }

// Failed reports whether a field was missing.
func (d *Decoder) Failed() bool { return d.bad }

// Rest is what was not read yet.
func (d *Decoder) Rest() []byte { return d.rest }

func (d *Decoder) fail() { d.bad, d.rest = true, nil }

// AppendBytes appends a byte string with its length before it.
func AppendBytes[T string | []byte](dst []byte, b T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(b))), b...)
}

// AppendBool appends a truth value.
func AppendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, 1)
	}
	return append(dst, 0)
}
