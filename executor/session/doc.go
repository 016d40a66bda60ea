// Package session implements sql/engine over a database: it analyses statements with the planner, runs them in transactions, and
// keeps each client's settings, prepared statements and cursors.
//
// Where things are: a statement's kind is looked up in dispatch.go; the statements of a topic have a file each.
//
// Invariants:
//   - Every statement runs in a transaction: the block that BEGIN opened, or an implicit one that Sync ends.
//   - After an error in a block only ROLLBACK, ROLLBACK TO and COMMIT (which rolls back) are taken (25P02).
//   - A plan is used for as long as the catalog and the settings that it was made with hold, and no longer.
package session
