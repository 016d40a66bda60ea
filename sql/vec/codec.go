package vec

import (
	"encoding/binary"
	"math"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/zeebo/xxh3"
)

// A block is a stored batch. Little-endian:
//
//	version  u8    2
//	flags    u8    blockWeights, blockZstd
//	columns  u16
//	rows     u32
//	body     u32   length of the body as stored
//	raw      u32   length of the body before compression
//	check    u64   xxh3 of all of the above and the body as stored
//	body
//
// The body has the weights (i64 each, if any) and, for each column: type ID u8, column flags u8, modifier i32, the
// validity bits in whole words (if there are nulls), and the values. Integers are packed (codec_packed.go), other fixed values are raw; bytes
// are packed lengths, then all of them together. The value under a null is zero, so equal batches make equal blocks.
//
// In version 1, which is still read, integers are raw, and lengths are a u32 each.
const (
	blockVersion = 2
	rawVersion   = 1
	blockHeader  = 24
	blockCheckAt = 16

	blockWeights = 1
	blockZstd    = 2

	columnArray = 1
	columnNulls = 2
)

// Compression says how a block's body is stored.
type Compression uint8

// The compressions. Uncompressed is the default: blocks are mostly read back once, and from memory.
const (
	Uncompressed Compression = iota
	Zstd
)

// maxBlock keeps lengths within their fields.
const maxBlock = math.MaxUint32 / 2

// AppendBlock adds the block of b to dst: the rows selected, constants spread out. A batch of more than 2 GiB is 54000.
func AppendBlock(dst []byte, b *Batch, c Compression) ([]byte, error) {
	from := len(dst)
	n := b.Rows()
	if len(b.Cols) > math.MaxUint16 || b.Bytes() > maxBlock {
		return dst, sqlerr.New(sqlerr.ProgramLimitExceeded, "batch of %d columns and %d bytes is too large for a block",
			len(b.Cols), b.Bytes())
	}
	dst = append(dst, make([]byte, blockHeader)...)
	body := len(dst)
	var flags byte
	if b.Weights != nil {
		flags |= blockWeights
		for k := range n {
			dst = binary.LittleEndian.AppendUint64(dst, uint64(b.Weights[b.Row(k)]))
		}
	}
	for _, v := range b.Cols {
		dst = appendColumn(dst, v, b.Sel, n)
	}
	raw := len(dst) - body
	if c == Zstd {
		if packed := compress(dst[body:]); len(packed) < raw {
			flags |= blockZstd
			dst = append(dst[:body], packed...)
		}
	}
	if raw > maxBlock {
		return dst[:from], sqlerr.New(sqlerr.ProgramLimitExceeded, "batch of %d bytes is too large for a block", raw)
	}
	h := dst[from:]
	h[0], h[1] = blockVersion, flags
	le := binary.LittleEndian
	le.PutUint16(h[2:], uint16(len(b.Cols)))
	le.PutUint32(h[4:], uint32(n))
	le.PutUint32(h[8:], uint32(len(dst)-body))
	le.PutUint32(h[12:], uint32(raw))
	le.PutUint64(h[blockCheckAt:], blockChecksum(h))
	return dst, nil
}

// blockChecksum covers the header before the checksum and the body.
func blockChecksum(block []byte) uint64 {
	return xxh3.HashSeed(block[blockHeader:], xxh3.Hash(block[:blockCheckAt]))
}

// DecodeBlock reads one block off the front of data and gives what is behind it. The batch shares nothing with data.
// Damaged bytes are XX001, a version of the future is too; it never panics, and allocates in proportion to data.
func DecodeBlock(data []byte) (b *Batch, rest []byte, err error) {
	if len(data) < blockHeader {
		return nil, nil, damaged("block is cut short")
	}
	if data[0] != blockVersion && data[0] != rawVersion {
		return nil, nil, damaged("block has unknown version")
	}
	le := binary.LittleEndian
	end := blockHeader + uint64(le.Uint32(data[8:]))
	if uint64(len(data)) < end {
		return nil, nil, damaged("block is cut short")
	}
	block := data[:end]
	if le.Uint64(data[blockCheckAt:]) != blockChecksum(block) {
		return nil, nil, damaged("block checksum does not match")
	}
	body := block[blockHeader:]
	if data[1]&blockZstd != 0 {
		if body, err = decompress(body, int(le.Uint32(data[12:]))); err != nil {
			return nil, nil, err
		}
	}
	r := blockReader{b: body, raw: data[0] == rawVersion}
	b, err = r.body(int(le.Uint16(data[2:])), int(le.Uint32(data[4:])), data[1]&blockWeights != 0)
	if err != nil {
		return nil, nil, err
	}
	return b, data[end:], nil
}

func damaged(what string) error { return sqlerr.New(sqlerr.DataCorrupted, what) }

func (r *blockReader) body(cols, rows int, weights bool) (*Batch, error) {
	b := &Batch{Cols: make([]*Vector, 0, min(cols, len(r.b))), N: rows}
	if weights {
		b.Weights = words[int64](r, rows)
	}
	for range cols {
		v, err := r.column(rows)
		if err != nil {
			return nil, err
		}
		b.Cols = append(b.Cols, v)
	}
	if r.short {
		return nil, damaged("block body is cut short")
	}
	if len(r.b) != 0 {
		return nil, damaged("block body has bytes behind its columns")
	}
	return b, nil
}

// columnHead is the type and the validity of a column.
func appendColumnHead(dst []byte, v *Vector, nulls bool) []byte {
	var flags byte
	if v.Type.Array {
		flags |= columnArray
	}
	if nulls {
		flags |= columnNulls
	}
	dst = append(dst, byte(v.Type.ID), flags)
	return binary.LittleEndian.AppendUint32(dst, uint32(v.Type.Mod))
}

func readColumnHead(r *blockReader) (t types.Type, nulls bool, err error) {
	h := r.take(6)
	if h == nil {
		return t, false, damaged("block body is cut short")
	}
	if h[0] >= byte(types.NumIDs) || h[1] > columnArray|columnNulls {
		return t, false, damaged("block has a column of unknown type")
	}
	t = types.Type{ID: types.ID(h[0]), Array: h[1]&columnArray != 0, Mod: int32(binary.LittleEndian.Uint32(h[2:]))}
	return t, h[1]&columnNulls != 0, nil
}
