package consistency_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"
)

const (
	accounts = 50
	// disorder is by how much, in milliseconds, a transfer's time may be behind its place in the stream. The watermark trails by half of
	// it, so that some transfers are late for their windows.
	disorder = 10_000
	// mostRows is how many transfers one writer brings at once; a transfer a millisecond, writers overtake one another by this.
	mostRows = 2_048
)

// began is when the first transfer is. No account is empty at the start: one transfer of each to itself comes first, in one epoch, so
// that an inner join of credits and debits has all of them.
var began = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// ledger draws transfers and keeps what must have come of them.
type ledger struct {
	mu sync.Mutex
	// left are the transfers that have not been drawn, drawn those that have, and acked those that the server has acknowledged.
	left, drawn, acked int
	balance            [accounts]int64
}

// draw gives the next transfers as COPY reads them; none at the end.
func (l *ledger) draw(rng *rand.Rand) (rows []byte, n int) {
	n = 1 + rng.IntN(1<<rng.IntN(12)) // most are small, most rows come in large ones
	l.mu.Lock()
	defer l.mu.Unlock()
	n = min(n, mostRows, l.left)
	var out bytes.Buffer
	for range n {
		from, to, amount := rng.IntN(accounts), rng.IntN(accounts), 1+rng.Int64N(1000)
		at := began.Add(time.Duration(disorder+l.drawn-rng.IntN(disorder+1)) * time.Millisecond)
		out.WriteString(transfer(from, to, amount, at))
		l.balance[from] -= amount
		l.balance[to] += amount
		l.left--
		l.drawn++
	}
	return out.Bytes(), n
}

// opening are the transfers of each account to itself.
func (l *ledger) opening() (rows []byte) {
	for a := range accounts {
		rows = append(rows, transfer(a, a, 1, began)...)
	}
	l.drawn, l.acked = accounts, accounts
	return rows
}

func transfer(from, to int, amount int64, at time.Time) string {
	return strconv.Itoa(from) + "\t" + strconv.Itoa(to) + "\t" + strconv.FormatInt(amount, 10) + "\t" + at.Format("2006-01-02 15:04:05.000") + "\n"
}

func (l *ledger) ack(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acked += n
}

// known is how many transfers every read from now on must have seen.
func (l *ledger) known() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acked
}

// balances are the accounts as a query of the view `balance` shows them.
func (l *ledger) balances() (lines []string) {
	for a, b := range l.balance {
		lines = append(lines, fmt.Sprintf("%d\t%d", a, b))
	}
	return lines
}
