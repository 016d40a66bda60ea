// Package system has the relations that are computed when read: pg_catalog, information_schema and schema streamdb. Each is a
// literal of its number, its name, its columns as PostgreSQL 15 has them, and how its rows are found; clients that read the
// catalog get answers from these relations and the ordinary planner, never from a list of known queries.
//
// Invariants:
//   - Every relation that PostgreSQL 15 has in pg_catalog and information_schema exists, with all columns, in their order, under
//     PostgreSQL's number. One about a kind of object that StreamDB has none of is empty; a test compares the columns with
//     PostgreSQL's own pg_attribute.
//   - A row is made of the catalog of the reader's transaction (World.Current), so one statement sees one catalog.
//   - A number in a column leads to the row that it names wherever PostgreSQL's does: joins work.
package system
