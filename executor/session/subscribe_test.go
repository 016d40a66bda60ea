package session

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// TestSubscribeAsOf: AS OF gives the rows as of that epoch, and then, or with snapshot = false at once, what changed since.
func TestSubscribeAsOf(t *testing.T) {
	e := openEngine(t)
	c := connect(t, e)
	c.exec(`CREATE TABLE k (a int PRIMARY KEY)`, `CREATE VIEW v AS SELECT a FROM k`, `INSERT INTO k VALUES (1), (2)`, `FLUSH`)
	then := e.db.Clock().Closed()
	c.exec(`DELETE FROM k WHERE a = 1`, `FLUSH`)
	now := e.db.Clock().Closed()
	require.Greater(t, now, then)

	fetch := func(n int, subscribe string, epoch uint64) [][]string {
		c.exec(fmt.Sprintf(`DECLARE c CURSOR FOR `+subscribe, epoch))
		defer c.exec(`CLOSE c`)
		return c.must(c.prepare(fmt.Sprintf(`FETCH %d FROM c`, n)))
	}
	at := func(epoch uint64, weight, a string) []string { return []string{fmt.Sprint(epoch), weight, "f", a} }
	for _, subscribed := range []string{"k", "v"} {
		got := fetch(3, `SUBSCRIBE `+subscribed+` AS OF %d`, then)
		require.ElementsMatch(t, [][]string{at(then, "1", "1"), at(then, "1", "2")}, got[:2])
		require.Equal(t, at(now, "-1", "1"), got[2])
		require.Equal(t, [][]string{at(now, "-1", "1")}, fetch(1, `SUBSCRIBE `+subscribed+` WITH (snapshot = false) AS OF %d`, then))
		require.Equal(t, [][]string{at(now, "1", "2")}, fetch(1, `SUBSCRIBE `+subscribed+` AS OF %d`, now))
	}
	c.fails(sqlerr.InvalidParameterValue, c.prepare(fmt.Sprintf(`SUBSCRIBE v AS OF %d`, now+1000)))
	c.fails(sqlerr.InvalidParameterValue, c.prepare(fmt.Sprintf(`SUBSCRIBE v WITH (snapshot = false) AS OF %d`, now+1000)))
}
