package serve

import (
	"fmt"
	"io"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/kv"
	"github.com/streamdb/streamdb/storage/snapshot"
)

// snapshotsKept is how many snapshots of a group are kept.
const snapshotsKept = 2

// Check reads everything in a data folder and says what is damaged.
func Check(out io.Writer, data string) error {
	store, err := kv.OpenFolder(data, kv.Options{})
	if err != nil {
		return err
	}
	defer store.Close()
	log, err := changelog.Open(store)
	if err != nil {
		return err
	}
	damage := 0
	report := func(err error) {
		damage++
		fmt.Fprintln(out, err)
	}
	if err := log.Check(report); err != nil {
		return err
	}
	snapshots, err := snapshot.Open(store, snapshotsKept)
	if err != nil {
		return err
	}
	if err := snapshots.Check(report); err != nil {
		return err
	}
	if damage > 0 {
		return sqlerr.New(sqlerr.DataCorrupted, "%s has %d damaged entries", data, damage)
	}
	epoch, _ := log.Last()
	fmt.Fprintf(out, "%s is sound up to epoch %d\n", data, epoch)
	return nil
}
