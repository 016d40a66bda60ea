package database

import (
	"context"

	"github.com/streamdb/streamdb/executor/epoch"
)

// Freshen closes an epoch before strict reads of objects whose rows come and go with time, if some are due: a row that has expired by the
// server's clock is not seen any more.
func (d *Database) Freshen(ctx context.Context, objects ...*Object) error {
	now := d.cfg.Sched.Now()
	for _, o := range objects {
		if o.Job == nil || o.Job.Failure() != nil || o.Relation.Due() > now {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		_, err := d.Commit(ctx, &epoch.Commit{NoSync: true})
		return err
	}
	return nil
}
