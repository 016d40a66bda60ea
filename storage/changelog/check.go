package changelog

import (
	"github.com/streamdb/streamdb/storage/kv"
)

// Check reads all that is in the log, and calls report for everything that is damaged. It is for `streamdb check`. The
// error is one that kept it from reading on.
func (l *Log) Check(report func(error)) error {
	records := func(key, value []byte) error {
		_, err := decodeRecord(key, value)
		return err
	}
	if err := kv.Check(l.store, kv.EpochRangeFrom(0), records, report); err != nil {
		return err
	}
	rows := func(key, value []byte) (err error) {
		switch {
		case kv.IsReferenceKey(key):
			_, err = decodeReference(key, value)
		case kv.IsTrimmedKey(key):
			_, err = decodeTrimmed(key, value)
		default:
			_, err = decodeBlock(key, value)
		}
		return err
	}
	return kv.Check(l.store, kv.AllLogRange(), rows, report)
}
