package session

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// shop is a table with a few rows and a view over it with a key.
func shop(c client) {
	c.exec("CREATE TABLE item (id INT PRIMARY KEY, k INT, name TEXT, v BIGINT)",
		"INSERT INTO item VALUES (1, 1, 'one', 10), (2, 1, 'two', 20), (3, 2, NULL, 30)",
		"CREATE VIEW totals AS SELECT k, count(*) AS n, sum(v)::bigint AS total, max(name) AS name FROM item GROUP BY k")
}

func k(n int64) types.Datum { return types.NewInt(n) }

// isPoint fails unless a statement takes the short way.
func isPoint(t *testing.T, c client, sql string) {
	p, err := c.planSelect(selectOf(t, sql), []types.Type{types.T(types.Int4)})
	require.NoError(t, err)
	require.NotNil(t, p.point, sql)
	ok, err := c.transaction().Point(t.Context(), p.point, []types.Datum{k(1)})
	require.NoError(t, err)
	require.True(t, ok, sql)
	c.rollback()
}

func selectOf(t *testing.T, sql string) *ast.Select {
	stmts, err := parse.Statements(sql)
	require.NoError(t, err)
	return stmts[0].Statement.(*ast.Select)
}

func TestPointRead(t *testing.T) {
	c := connect(t, openEngine(t))
	shop(c)
	for _, x := range []struct {
		sql  string
		want [][][]string // for the keys 1, 2, 3 and null
	}{
		{"SELECT * FROM totals WHERE k = $1", [][][]string{{{"1", "2", "30", "two"}}, {{"2", "1", "30", "NULL"}}, nil, nil}},
		{"SELECT name, total + $1 FROM totals WHERE k = $1", [][][]string{{{"two", "31"}}, {{"NULL", "32"}}, nil, nil}},
		{"SELECT n FROM totals WHERE k = $1 AND n > 1", [][][]string{{{"2"}}, nil, nil, nil}},
		{"SELECT name FROM item WHERE id = $1", [][][]string{{{"one"}}, {{"two"}}, {{"NULL"}}, nil}},
		{"SELECT v FROM item WHERE id = $1 + 1", [][][]string{{{"20"}}, {{"30"}}, nil, nil}},
		{"SELECT count(*), sum(n) FROM totals WHERE k = $1", [][][]string{{{"1", "2"}}, {{"1", "1"}}, {{"0", "NULL"}}, {{"0", "NULL"}}}},
	} {
		isPoint(t, c, x.sql)
		st := c.prepare(x.sql, types.T(types.Int4))
		for range 3 { // what a run leaves behind must not show in the next
			for i, want := range x.want[:3] {
				require.Equal(t, want, c.must(st, k(int64(i+1))), "%s, %d", x.sql, i+1)
			}
			require.Equal(t, x.want[3], c.must(st, types.Null), x.sql)
		}
	}
}

// TestPointReadSeesWrites: reads are strict, and a transaction sees its own writes and nothing of others that it should not.
func TestPointReadSeesWrites(t *testing.T) {
	e := openEngine(t)
	c, other := connect(t, e), connect(t, e)
	shop(c)
	item, total := c.prepare("SELECT v FROM item WHERE id = $1"), c.prepare("SELECT total FROM totals WHERE k = $1")
	update := other.prepare("UPDATE item SET v = $1 WHERE id = 3")
	for n := range int64(200) {
		other.must(update, k(n))
		require.Equal(t, [][]string{{fmt.Sprint(n)}}, c.must(total, k(2)))
		require.Equal(t, [][]string{{fmt.Sprint(n)}}, c.must(item, k(3)))
	}
	for _, end := range []string{"ROLLBACK", "COMMIT"} {
		c.exec("BEGIN", "UPDATE item SET v = 1000 WHERE id = 3")
		require.Equal(t, [][]string{{"1000"}}, c.must(item, k(3)))
		require.Equal(t, [][]string{{"1000"}}, c.must(total, k(2)))
		require.Equal(t, [][]string{{"199"}}, other.must(other.prepare("SELECT total FROM totals WHERE k = 2")))
		c.exec(end)
		want := map[string]string{"ROLLBACK": "199", "COMMIT": "1000"}[end]
		require.Equal(t, [][]string{{want}}, c.must(item, k(3)))
		require.Equal(t, [][]string{{want}}, c.must(total, k(2)))
	}
	c.exec("BEGIN ISOLATION LEVEL REPEATABLE READ")
	require.Equal(t, [][]string{{"1000"}}, c.must(total, k(2)))
	other.must(update, k(7))
	require.Equal(t, [][]string{{"1000"}}, c.must(total, k(2)))
	require.Equal(t, [][]string{{"1000"}}, c.must(item, k(3)))
	c.exec("COMMIT")
	require.Equal(t, [][]string{{"7"}}, c.must(total, k(2)))
}

// TestPointReadPreparedInTransaction: a plan made where a view was seen through is not the statement's for good.
func TestPointReadPreparedInTransaction(t *testing.T) {
	c := connect(t, openEngine(t))
	shop(c)
	c.exec("BEGIN", "UPDATE item SET v = 5 WHERE id = 3")
	total := c.prepare("SELECT total FROM totals WHERE k = $1")
	require.Equal(t, [][]string{{"5"}}, c.must(total, k(2)))
	c.exec("ROLLBACK")
	require.Equal(t, [][]string{{"30"}}, c.must(total, k(2)))
	c.exec("UPDATE item SET v = 6 WHERE id = 3")
	require.Equal(t, [][]string{{"6"}}, c.must(total, k(2)))
}

// TestPointReadReplans: a prepared statement follows the catalog and the settings that it was planned with.
func TestPointReadReplans(t *testing.T) {
	e := openEngine(t)
	c, other := connect(t, e), connect(t, e)
	shop(c)
	name := c.prepare("SELECT name FROM item WHERE id = $1")
	require.Equal(t, [][]string{{"one"}}, c.must(name, k(1)))
	c.exec("CREATE SCHEMA s", "CREATE TABLE s.item (id INT PRIMARY KEY, name TEXT)", "INSERT INTO s.item VALUES (1, 'uno')", "SET search_path = s, public")
	require.Equal(t, [][]string{{"uno"}}, c.must(name, k(1)))
	c.exec("BEGIN", "SET LOCAL search_path = public")
	require.Equal(t, [][]string{{"one"}}, c.must(name, k(1)))
	c.exec("COMMIT")
	require.Equal(t, [][]string{{"uno"}}, c.must(name, k(1)))

	c.exec("BEGIN", "DROP TABLE s.item", "CREATE TABLE s.item (name TEXT, id INT PRIMARY KEY)", "INSERT INTO s.item VALUES ('eins', 1)")
	require.Equal(t, [][]string{{"eins"}}, c.must(name, k(1)))
	within := c.prepare("SELECT name FROM item WHERE id = $1")
	c.exec("ROLLBACK")
	for _, a := range []string{"a", "b", "c"} { // until a catalog has the version that the one rolled back had
		other.exec("CREATE TABLE " + a + " (a INT)")
		require.Equal(t, [][]string{{"uno"}}, c.must(name, k(1)))
		require.Equal(t, [][]string{{"uno"}}, c.must(within, k(1)))
	}
	other.exec("DROP TABLE s.item", "CREATE TABLE s.item (id INT PRIMARY KEY, name INT)")
	c.fails(sqlerr.FeatureNotSupported, name, k(1)) // "cached plan must not change result type"
	other.exec("DROP TABLE s.item")
	require.Equal(t, [][]string{{"one"}}, c.must(name, k(1)))
	other.exec("DROP VIEW totals", "DROP TABLE item")
	c.fails(sqlerr.UndefinedTable, name, k(1))
}

func TestPointReadErrors(t *testing.T) {
	e := openEngine(t)
	c := connect(t, e)
	shop(c)
	divided, ratio := c.prepare("SELECT n FROM totals WHERE k = 2 / $1"), c.prepare("SELECT v / ($2 - 1) FROM item WHERE id = $1")
	for range 2 {
		require.Equal(t, [][]string{{"1"}}, c.must(divided, k(1)))
		c.fails(sqlerr.DivisionByZero, divided, k(0))
		require.Equal(t, [][]string{{"20"}}, c.must(ratio, k(2), k(2)))
		c.fails(sqlerr.DivisionByZero, ratio, k(2), k(1))
		require.Empty(t, c.must(ratio, k(9), k(1)))
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(sqlerr.New(sqlerr.QueryCanceled, "it is over"))
	_, err := c.ask(ctx, ratio, k(2), k(2))
	require.ErrorContains(t, err, "it is over")
	require.Equal(t, [][]string{{"20"}}, c.must(ratio, k(2), k(2)))
	e.Cancel(c.ID()) // nothing runs, and the next is not to be hit
	require.Equal(t, [][]string{{"20"}}, c.must(ratio, k(2), k(2)))
}

// TestPointReadOfStoppedView: a view that has failed is refused by strict reads of what came after, and read as it was by others.
func TestPointReadOfStoppedView(t *testing.T) {
	c := connect(t, openEngine(t))
	shop(c)
	c.exec("CREATE VIEW shares AS SELECT k, sum(100 / v) AS share FROM item GROUP BY k")
	share := c.prepare("SELECT share FROM shares WHERE k = $1")
	require.Equal(t, [][]string{{"3"}}, c.must(share, k(2)))
	c.exec("UPDATE item SET v = 0 WHERE id = 1")
	c.fails(sqlerr.ObjectNotInPrerequisiteState, share, k(2))
	c.exec("SET read_consistency = 'latest'")
	c.Events()
	require.Equal(t, [][]string{{"3"}}, c.must(share, k(2)))
	require.Equal(t, sqlerr.Warn, c.Events()[0].Notice.Severity)
	c.exec("UPDATE item SET v = 50 WHERE id = 1", "ALTER VIEW shares RESUME", "SET read_consistency = 'strict'")
	require.Equal(t, [][]string{{"7"}}, c.must(share, k(1)))
}

// TestPointReadSuspended: a statement runs again while a portal of it is in the middle.
func TestPointReadSuspended(t *testing.T) {
	c := connect(t, openEngine(t))
	shop(c)
	ctx := context.Background()
	c.exec("BEGIN")
	st := c.prepare("SELECT name FROM item WHERE id = $1")
	first, err := st.Bind(ctx, []types.Datum{k(1)})
	require.NoError(t, err)
	second, err := st.Bind(ctx, []types.Datum{k(2)})
	require.NoError(t, err)
	var w rows
	r, err := first.Run(ctx, 1, &w)
	require.NoError(t, err)
	require.True(t, r.Suspended)
	_, err = second.Run(ctx, 0, &w)
	require.NoError(t, err)
	r, err = first.Run(ctx, 1, &w)
	require.NoError(t, err)
	require.Equal(t, "SELECT 0", r.Tag)
	require.Equal(t, [][]string{{"one"}, {"two"}}, w.texts)
	first.Close()
	second.Close()
	c.exec("COMMIT")
}

// TestPointReadBesideWriters: what is read is never of half an epoch, and never older than what was read before.
func TestPointReadBesideWriters(t *testing.T) {
	e := openEngine(t)
	c := connect(t, e)
	c.exec("CREATE TABLE pair (id INT PRIMARY KEY, v BIGINT)", "INSERT INTO pair VALUES (1, 0), (2, 0)",
		"CREATE VIEW sums AS SELECT id / 100 AS part, sum(v)::bigint AS total, max(v) - min(v) AS apart FROM pair GROUP BY id / 100")
	isPoint(t, c, "SELECT total, apart FROM sums WHERE part = $1")
	const writes, readers = 150, 3
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range readers {
		r := connect(t, e)
		st := r.prepare("SELECT total, apart FROM sums WHERE part = $1")
		wg.Add(1)
		go func() {
			defer wg.Done()
			last := int64(0)
			for {
				var w numbers
				p, err := st.Bind(context.Background(), []types.Datum{k(0)})
				if err == nil {
					_, err = p.Run(context.Background(), 0, &w)
				}
				if err == nil {
					err = r.Sync(context.Background(), false)
				}
				if err != nil || len(w.got) != 2 || w.got[1] != 0 || w.got[0] < last {
					t.Errorf("after %d came %v, %v", last, w.got, err)
					return
				}
				last = w.got[0]
				select {
				case <-done:
					return
				default:
				}
			}
		}()
	}
	update := c.prepare("UPDATE pair SET v = v + 1")
	for range writes {
		c.must(update)
	}
	close(done)
	wg.Wait()
	require.Equal(t, [][]string{{fmt.Sprint(2 * writes)}}, c.must(c.prepare("SELECT total FROM sums WHERE part = 0")))
}

// numbers is a row writer that keeps the first row's integers.
type numbers struct {
	rows
	got []int64
}

func (w *numbers) Batch(b *vec.Batch) error {
	for _, c := range b.Cols {
		w.got = append(w.got, c.Datum(b.Row(0)).I)
	}
	return nil
}
