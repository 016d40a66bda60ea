package snapshot

import (
	"github.com/streamdb/streamdb/storage/kv"
)

// Check reads all pages of all snapshots, and calls report for every one that is damaged or missing. It is for `streamdb
// check`: heads and parts were checked by Open. The error is one that kept it from reading on.
func (s *Store) Check(report func(error)) error {
	s.mu.Lock()
	pages := pagesOf(partsOf(s.snaps.all()))
	s.mu.Unlock()
	for namespace, ids := range pages {
		for _, id := range ids {
			if _, err := s.Pages(namespace).ReadPage(nil, id); err != nil {
				if !kv.IsDamage(err) {
					return err
				}
				report(err)
			}
		}
	}
	return nil
}
