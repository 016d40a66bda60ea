// Package planner makes executable plans of statements: it binds a statement, rewrites the logical plan and lowers it.
//
// What it gives is plain data (planner/physical): nothing refers to the catalog or the binder any more, so a plan can be stored, and
// kept for as long as the catalog it was made with holds.
//
// Errors are *sqlerr.Error with positions in the statement's own text.
package planner
