// Package consistency holds a server to the internal consistency of its answers: every answer is one that its inputs had at some
// epoch, also of views over views and of views of different models. The test is that of "Internal consistency in streaming
// systems" (scattered-thoughts.net, 2021): money moves between accounts, so the sum of all balances is zero at every moment, and
// whoever sees anything else has seen half of a transfer, or two views at two epochs.
//
//	go test ./tests/consistency                          some 10^5 transfers
//	go test ./tests/consistency -transfers 10000000 -timeout 60m
package consistency
