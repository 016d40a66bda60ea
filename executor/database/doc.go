// Package database puts a server's working parts together: store, log, clock, catalog, relations, sources and jobs. Sessions
// and transactions work on it; it knows no SQL.
//
// Invariants:
//   - The catalog and the objects at work change only inside an epoch's closing (apply), so every epoch has one catalog and
//     whoever reads at an epoch finds the objects of its catalog.
//   - What is in the store is the catalog's objects by OID, each written in the same commit as the epoch that changed it.
//   - Opening a folder after a crash is the same as opening it after a shutdown: the catalog, then the log's epochs in order.
package database
