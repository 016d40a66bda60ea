package session

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/job"
	"github.com/streamdb/streamdb/sql/catalog"
)

// TestAlterDuringSnapshot: a view is altered while its job's step reports a snapshot. The step asks the database with the job's mutex held, so
// the database may not wait for the job with its own mutex held: once it did, and everything stood still.
func TestAlterDuringSnapshot(t *testing.T) {
	e := openEngine(t)
	c := connect(t, e)
	c.exec(`CREATE TABLE k (a int)`, `CREATE VIEW v AS SELECT a FROM k`, `FLUSH`)
	db := e.db
	v, ok := db.Catalog().Relation(catalog.PublicOID, "v")
	require.True(t, ok)
	o, ok := db.Object(v.OID)
	require.True(t, ok)

	alter := c.prepare(`ALTER VIEW v SET (batch_interval = '1 second')`)
	altered, reported := make(chan error, 1), make(chan bool, 1)
	for asked := false; !asked; { // the database's own snapshots may be in the way
		booking := db.Clock().BookNext()
		refused := false
		o.Job.RequestSnapshot(booking.Epoch, func(s *job.Snapshot) {
			if refused = s == nil; refused {
				return
			}
			driver.Release(s.States)
			go func() {
				_, err := c.ask(context.Background(), alter)
				altered <- err
			}()
			time.Sleep(20 * time.Millisecond) // gives the change the time to be where it did harm; the test passes without as well
			db.Object(v.OID)
			reported <- true
		})
		if asked = !refused; asked {
			connect(t, e).exec(`INSERT INTO k VALUES (1)`)
		}
		booking.Release()
	}
	<-reported
	require.NoError(t, <-altered)
	require.Equal(t, [][]string{{"1"}}, c.must(c.prepare(`SELECT a FROM v`)))
}
