package changelog

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/kv"
)

func seal(key, payload []byte) []byte {
	return kv.Seal(nil, key, recordVersion, func(dst []byte) []byte { return append(dst, payload...) })
}

func TestRecordRoundTrip(t *testing.T) {
	bytesOrNil := rapid.Custom(func(t *rapid.T) []byte {
		return append([]byte(nil), rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "bytes")...)
	})
	marks := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Watermark {
		return Watermark{rapid.Uint32().Draw(t, "relation"), rapid.String().Draw(t, "split"), rapid.Int64().Draw(t, "time")}
	}))
	record := rapid.Custom(func(t *rapid.T) *Record {
		return &Record{
			Epoch: rapid.Uint64().Draw(t, "epoch"),
			Time:  rapid.Int64().Draw(t, "time"),
			Relations: rapid.SliceOf(rapid.Custom(func(t *rapid.T) RelationRows {
				return RelationRows{rapid.Uint32().Draw(t, "relation"), rapid.Uint32().Draw(t, "chunks"), rapid.Uint64().Draw(t, "rows")}
			})).Draw(t, "relations"),
			Splits: rapid.SliceOf(rapid.Custom(func(t *rapid.T) Split {
				return Split{rapid.Uint32().Draw(t, "relation"), rapid.String().Draw(t, "name"), bytesOrNil.Draw(t, "position"), rapid.Bool().Draw(t, "idle")}
			})).Draw(t, "splits"),
			Watermarks: marks.Draw(t, "watermarks"),
			Seen:       marks.Draw(t, "seen"),
			Statuses: rapid.SliceOf(rapid.Custom(func(t *rapid.T) Status {
				return Status{rapid.Uint32().Draw(t, "relation"), rapid.Bool().Draw(t, "idle")}
			})).Draw(t, "statuses"),
			Catalog: bytesOrNil.Draw(t, "catalog"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		want := record.Draw(t, "record")
		key := kv.EpochKey(want.Epoch)
		got, err := decodeRecord(key, seal(key, appendRecord(nil, want)))
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

func TestRecordOfTheFuture(t *testing.T) {
	key := kv.EpochKey(7)
	_, err := decodeRecord(key, kv.Seal(nil, key, recordVersion+1, func(dst []byte) []byte { return dst }))
	require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(err))
	require.ErrorContains(t, err, "record of epoch 7 has format version 3, but this server reads versions up to 2")
	_, err = decodeRecord(kv.EpochKey(8), seal(key, appendRecord(nil, &Record{})))
	require.Error(t, err, "a record under another epoch's key")
}

// TestRecordOfVersion1: what was written before streams could be idle is read as it was.
func TestRecordOfVersion1(t *testing.T) {
	key := kv.EpochKey(7)
	want := &Record{Epoch: 7, Time: 5, Relations: []RelationRows{}, Splits: []Split{}, Watermarks: []Watermark{{1, "", 9}}, Catalog: []byte("c")}
	old := kv.Seal(nil, key, 1, func(dst []byte) []byte {
		dst = binary.AppendUvarint(binary.AppendVarint(dst, want.Time), 0)
		dst = AppendWatermarks(AppendSplits(dst, nil), want.Watermarks)
		return kv.AppendBytes(dst, want.Catalog)
	})
	got, err := decodeRecord(key, old)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// FuzzRecord decodes payloads whose checksum is right: whatever is in them, it must not panic or allocate without bound.
func FuzzRecord(f *testing.F) {
	f.Add(appendRecord(nil, &Record{Time: 1, Splits: []Split{{1, "p", []byte{1}, true}}, Watermarks: []Watermark{{1, "", 5}}}))
	f.Add([]byte{2, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, payload []byte) {
		key := kv.EpochKey(1)
		r, err := decodeRecord(key, seal(key, payload))
		if err != nil {
			require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(err))
			return
		}
		again, err := decodeRecord(key, seal(key, appendRecord(nil, r)))
		require.NoError(t, err)
		require.Equal(t, r, again)
	})
}
