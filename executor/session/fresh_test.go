package session

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/engine"
)

// TestFresh: a statement says that it is what its text would give, until something that the text depends on has changed.
func TestFresh(t *testing.T) {
	const sql = "SELECT name FROM item WHERE id = 1"
	for _, x := range []struct {
		change string
		fresh  bool
	}{
		{"UPDATE item SET v = 1", true},
		{"CREATE TABLE another (a INT)", false},
		{"SET search_path = public", false},
		{"SET TimeZone = 'Europe/Paris'", false},
		{"BEGIN", true},
		{"SELECT 1", true},
	} {
		c := connect(t, openEngine(t))
		shop(c)
		st := c.prepare(sql).(engine.Repeatable)
		require.True(t, st.Fresh())
		c.exec(x.change)
		require.Equal(t, x.fresh, st.Fresh(), x.change)
	}
	c := connect(t, openEngine(t))
	shop(c)
	require.False(t, c.prepare("SELECT 'now'::timestamptz").(engine.Repeatable).Fresh(), "it means another value the next time")
	require.True(t, c.prepare("SELECT now()").(engine.Repeatable).Fresh())
	require.False(t, c.prepare("INSERT INTO item VALUES (9)").(engine.Repeatable).Fresh())

	view := c.prepare("SELECT n FROM totals WHERE k = 1").(engine.Repeatable)
	c.exec("BEGIN", "UPDATE item SET v = 5")
	require.False(t, view.Fresh(), "the transaction has to see through the view")
	c.exec("ROLLBACK")
	require.True(t, view.Fresh())
	c.exec("BEGIN")
	_, err := c.ask(t.Context(), c.prepare("SELECT 1 / v FROM (VALUES (0)) x (v)"))
	require.Error(t, err)
	require.False(t, view.Fresh(), "preparing it would be refused in a failed block")
}
