// Package demo makes the demo: the Nexmark streams at a modest rate and live views over them. It is a client like any other.
package demo

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
)

//go:embed demo.sql
var setup string

// Setup connects to a server, makes the streams and views unless they are there, and says what to try.
func Setup(ctx context.Context, address string, out io.Writer) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, fmt.Sprintf("host=%s port=%s user=streamdb dbname=streamdb", host, port))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, setup, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	fmt.Fprintf(out, "  streams  person, auction, bid (Nexmark, 1,000 events a second)\n"+
		"  views    bids_per_channel, hot_auctions, bids_per_window\n"+
		"  try      psql -h %s -p %s -U streamdb streamdb -c 'SELECT * FROM bids_per_channel'\n", host, port)
	return nil
}
