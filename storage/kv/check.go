package kv

import "github.com/streamdb/streamdb/sql/sqlerr"

// Check reads all keys of a range, and calls report for each whose value check, or the store, finds damaged. The error is
// another one, that kept it from reading on.
func Check(s Store, r Range, check func(key, value []byte) error, report func(error)) error {
	it, err := s.Scan(r)
	if err != nil {
		return err
	}
	defer it.Close()
	for it.Next() {
		value, err := it.Value()
		if err == nil {
			err = check(it.Key(), value)
		}
		if err == nil {
			continue
		}
		if !IsDamage(err) {
			return err
		}
		report(err)
	}
	if err := it.Err(); IsDamage(err) { // where the walk ends
		report(err)
		return nil
	}
	return it.Err()
}

// IsDamage reports whether err says that something stored is damaged.
func IsDamage(err error) bool { return err != nil && sqlerr.CodeOf(err) == sqlerr.DataCorrupted }
