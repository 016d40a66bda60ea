package consistency_test

import (
	"fmt"
	"strings"
)

// chain is a set of views over the transfers, each upon the one before.
type chain struct {
	name string
	// models are how credits, debits, balance and total are executed.
	models [4]string
	// windows says that all is by windows of ten seconds, and closing that credits and debits are shown when those close.
	windows, closing bool
}

const (
	pipelined = "execution = 'pipelined'"
	short     = "execution = 'microbatch', batch_interval = '20 ms'"
	long      = "execution = 'microbatch', batch_interval = '70 ms'"
)

// chains are every model by itself and models mixed, with windows and without; those whose models differ are switched under the load.
var chains = []chain{
	{name: "piped", models: [4]string{pipelined, pipelined, pipelined, pipelined}},
	{name: "batched", models: [4]string{short, long, short, long}},
	{name: "mixed", models: [4]string{pipelined, long, pipelined, short}},
	{name: "windowed", models: [4]string{pipelined, short, long, pipelined}, windows: true},
	{name: "closing", models: [4]string{short, pipelined, pipelined, long}, windows: true, closing: true},
}

// steps are the views of a chain, in order.
var steps = [4]string{"credits", "debits", "balance", "total"}

func (c *chain) view(step string) string { return step + "_" + c.name }

// switched reports whether the chain's models are changed while it runs.
func (c *chain) switched() bool { return c.name != "piped" && c.name != "batched" }

// create is the SQL that makes the chain.
func (c *chain) create() string {
	sql := [4]string{c.side("to_id"), c.side("from_id"), c.balance(), c.total()}
	var out strings.Builder
	for i, step := range steps {
		fmt.Fprintf(&out, "CREATE VIEW %s WITH (%s) AS %s;\n", c.view(step), c.models[i], sql[i])
	}
	return out.String()
}

// side is the query of credits or debits.
func (c *chain) side(account string) string {
	if !c.windows {
		return fmt.Sprintf("SELECT %s AS account, sum(amount)::bigint AS amount, count(*) AS n FROM transfer GROUP BY 1", account)
	}
	emit := ""
	if c.closing {
		emit = " EMIT ON WINDOW CLOSE"
	}
	return fmt.Sprintf(`SELECT %s AS account, window_start, window_end, sum(amount)::bigint AS amount, count(*) AS n
		FROM TUMBLE(transfer, at, INTERVAL '10 seconds') GROUP BY 1, 2, 3%s`, account, emit)
}

// balance is what an account has, and in how many transfers it was; by windows it may have been on one side only.
func (c *chain) balance() string {
	from := fmt.Sprintf(" FROM %s c %%sJOIN %s d ON c.account = d.account", c.view("credits"), c.view("debits"))
	if !c.windows {
		return "SELECT c.account, c.amount - d.amount AS balance, c.n + d.n AS moves" + fmt.Sprintf(from, "")
	}
	return `SELECT coalesce(c.account, d.account) AS account, coalesce(c.window_end, d.window_end) AS w, coalesce(c.amount, 0) - coalesce(d.amount, 0) AS balance,
		coalesce(c.n, 0) + coalesce(d.n, 0) AS moves` + fmt.Sprintf(from, "FULL ") + " AND c.window_start = d.window_start AND c.window_end = d.window_end"
}

// total sums the balances, and the moves: each transfer is two.
func (c *chain) total() string {
	sums := "sum(balance)::bigint AS total, sum(moves)::bigint AS moves FROM " + c.view("balance")
	if !c.windows {
		return "SELECT " + sums
	}
	return "SELECT w, " + sums + " GROUP BY w"
}

// questions are queries that any state of the transfers answers with no row.
func (c *chain) questions() []string {
	wrong := "SELECT * FROM %s WHERE total <> 0 OR moves %% 2 <> 0"
	q := []string{
		fmt.Sprintf(wrong, c.view("total")),
		fmt.Sprintf(wrong, "(SELECT sum(balance) AS total, sum(moves) AS moves FROM "+c.view("balance")+") x"),
		fmt.Sprintf("SELECT * FROM (SELECT (SELECT sum(amount) FROM %s) AS c, (SELECT sum(amount) FROM %s) AS d) x WHERE c <> d", c.view("credits"), c.view("debits")),
		fmt.Sprintf("SELECT * FROM (SELECT (SELECT sum(moves) FROM %s) AS a, (SELECT sum(n) FROM %s) AS b) x WHERE a <> 2 * b", c.view("total"), c.view("debits")),
	}
	if c.windows {
		return append(q, fmt.Sprintf("SELECT w FROM %s GROUP BY w HAVING sum(balance) <> 0", c.view("balance")))
	}
	return append(q, fmt.Sprintf("SELECT * FROM (SELECT count(*) AS n FROM %s) x WHERE n <> %d", c.view("balance"), accounts))
}

// acrossChains are questions about views of different chains.
var acrossChains = []string{
	"SELECT * FROM total_piped p, total_batched b, total_mixed m WHERE (p.moves, p.total) <> (b.moves, b.total) OR (p.moves, p.total) <> (m.moves, m.total)",
	"SELECT * FROM balance_piped a JOIN balance_mixed b ON a.account = b.account WHERE a.balance <> b.balance",
	"SELECT * FROM (SELECT sum(c.amount - d.amount) AS s FROM credits_piped c JOIN debits_batched d ON c.account = d.account) x WHERE s <> 0",
}
