package session

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/parse"
)

// TestRespell: the queries of views go on meaning the same when what they name gets another name.
func TestRespell(t *testing.T) {
	from, to := relationName{"public", "bid"}, relationName{"other", "Offer"}
	for _, c := range []struct{ query, want string }{
		{`SELECT bid.price, public.bid.price, bid.*, public.bid.* FROM public.bid`,
			`SELECT bid.price, bid.price, bid.*, bid.* FROM other."Offer" AS bid`},
		{`SELECT b.price FROM public.bid AS b, public.bids, bid.bid`, `SELECT b.price FROM other."Offer" AS b, public.bids, bid.bid`},
		{`SELECT 1 FROM (SELECT x FROM public.bid) AS q WHERE EXISTS (SELECT 1 FROM public.bid AS z WHERE z.x = q.x)`,
			`SELECT 1 FROM (SELECT x FROM other."Offer" AS bid) AS q WHERE EXISTS (SELECT 1 FROM other."Offer" AS z WHERE z.x = q.x)`},
		{`SELECT bid.window_start FROM TUMBLE(public.bid, at, interval '1 minute')`,
			`SELECT bid.window_start FROM TUMBLE(other."Offer", at, interval '1 minute') AS bid`},
		{`SELECT w.k FROM SESSION(public.bid, at, interval '1 minute' PARTITION BY k) AS w`,
			`SELECT w.k FROM SESSION(other."Offer", at, interval '1 minute' PARTITION BY k) AS w`},
		{`SELECT bid FROM public.other JOIN public.bid USING (k)`, `SELECT bid FROM public.other JOIN other."Offer" AS bid USING (k)`},
	} {
		got, err := respell(c.query, from, to)
		require.NoError(t, err, c.query)
		want, err := parse.Statements(c.want)
		require.NoError(t, err, c.want)
		require.Equal(t, ast.Format(want[0].Statement), got)
		_, err = parse.Statements(got)
		require.NoError(t, err, got)
	}
	_, err := respell(`WITH bid AS (SELECT 1 AS x) SELECT x FROM bid, public.bid`, from, to)
	require.ErrorContains(t, err, "WITH query")
}
