// Package nexmark is the source of the Nexmark benchmark's auction site: persons register, auctions open, bids arrive. The
// model (ratios, hot keys, value ranges, vocabulary) is that of the Nexmark project, github.com/nexmark/nexmark; the
// algorithm is our own, and docs/nexmark-generator.md tells it in a page.
//
// Invariants:
//   - Event n is a pure function of (seed, n, event_rate), by a counter-based hash and integer arithmetic only. It is part of
//     the contract with ports in other languages: testdata/events.txt never changes.
//   - Event n is a person, an auction or a bid by n mod 50 alone, so the three tables are three views of one event stream and
//     any range of it can be made by anyone.
//   - A bid refers to an auction and a bidder, an auction to a seller, that exist by then.
//   - Each column is filled by a loop of its own over a batch's runs of consecutive events: a column that is not wanted costs
//     nothing, and what a group's events have in common is worked out once.
//     Texts are spans into tables that all batches share; nothing is allocated for a row.
package nexmark
