package compat_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// TestLookUpJoins: a join FOR SYSTEM_TIME AS OF PROCTIME() gives each row what its table had at the end of the row's epoch, whether
// steps are short or of many epochs, and through changes of the model and restored state.
func TestLookUpJoins(t *testing.T) {
	db := connect(t, startStreamDB(t))
	for i := range *rounds {
		seed := *first + uint64(i)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := &lookUpRound{t: t, db: db, rng: rand.New(rand.NewPCG(seed, 3)), names: map[int]int{}}
			r.run()
		})
	}
}

// lookUpRound is a stream a of keys, a table c with names of keys, and what the views over both must have.
type lookUpRound struct {
	t     *testing.T
	db    *pgconn.PgConn
	rng   *rand.Rand
	names map[int]int
	rows  int
	// inner and left are the rows of both kinds of join.
	inner, left []string
}

func (r *lookUpRound) run() {
	run(r.t, r.db, "CREATE STREAM a (id int, k int)")
	run(r.t, r.db, "CREATE TABLE c (k int PRIMARY KEY, name int)")
	for range 5 {
		r.change()
	}
	views := []string{"inner_pipelined", "left_pipelined", "inner_microbatch", "left_microbatch"}
	for i, v := range views {
		model, kind := []string{"pipelined", "microbatch"}[i/2], []string{"", "LEFT "}[i%2]
		run(r.t, r.db, fmt.Sprintf("CREATE VIEW %s WITH (execution = '%s') AS SELECT a.id, c.name FROM a %sJOIN c FOR SYSTEM_TIME AS OF PROCTIME() ON c.k = a.k", v, model, kind))
	}
	for range 6 {
		for range r.rng.IntN(12) {
			if r.rng.IntN(2) == 0 {
				r.change()
			} else {
				r.insert(1 + r.rng.IntN(3))
			}
		}
		if v := views[r.rng.IntN(len(views))]; r.rng.IntN(3) == 0 {
			run(r.t, r.db, fmt.Sprintf("ALTER VIEW %s SET (execution = '%s')", v, []string{"pipelined", "microbatch"}[r.rng.IntN(2)]))
		}
		for i, v := range views {
			want := slices.Clone([][]string{r.inner, r.left}[i%2])
			slices.Sort(want)
			require.Equal(r.t, want, lines(copyOut(r.t, r.db, "SELECT * FROM "+v)), v)
		}
	}
	run(r.t, r.db, "DROP STREAM a CASCADE")
	run(r.t, r.db, "DROP TABLE c CASCADE")
}

// change changes the table.
func (r *lookUpRound) change() {
	k, name := r.rng.IntN(4), r.rng.IntN(100)
	if r.rng.IntN(3) == 0 {
		run(r.t, r.db, fmt.Sprintf("DELETE FROM c WHERE k = %d", k))
		delete(r.names, k)
		return
	}
	run(r.t, r.db, fmt.Sprintf("INSERT INTO c VALUES (%d, %d) ON CONFLICT (k) DO UPDATE SET name = excluded.name", k, name))
	r.names[k] = name
}

// insert adds rows to the stream, some of them in one epoch with a change of the table.
func (r *lookUpRound) insert(n int) {
	block := r.rng.IntN(3) == 0
	if block {
		run(r.t, r.db, "BEGIN")
	}
	var keys []int
	for range n {
		k := r.rng.IntN(4)
		run(r.t, r.db, fmt.Sprintf("INSERT INTO a VALUES (%d, %d)", r.rows+len(keys), k))
		if keys = append(keys, k); !block {
			r.came(keys)
			keys = nil
		}
	}
	if block {
		r.change()
		run(r.t, r.db, "COMMIT")
		r.came(keys)
	}
}

// came notes what rows of an epoch see.
func (r *lookUpRound) came(keys []int) {
	for _, k := range keys {
		name, ok := r.names[k]
		switch row := fmt.Sprintf("%d\t%d", r.rows, name); {
		case ok:
			r.inner, r.left = append(r.inner, row), append(r.left, row)
		default:
			r.left = append(r.left, fmt.Sprintf("%d\t\\N", r.rows))
		}
		r.rows++
	}
}
