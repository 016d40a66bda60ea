// Package slt runs sqllogictest files: SQL, and the answers that PostgreSQL 15 gives to it. The files in testdata are run
// against StreamDB by every `go test`, and against a PostgreSQL where one can be started, which also writes the answers:
//
//	go test ./tests/slt                                    all files against StreamDB, and PostgreSQL if there is one
//	go test ./tests/slt -run 'TestStreamDB/files/joins$'                      one file
//	go test ./tests/slt -run TestPostgres -rewrite         write PostgreSQL's answers into the files
//	go test ./tests/slt -run TestStreamDB -rewrite         write StreamDB's answers, into records that are its own alone
//
// A file is a list of records with an empty line after each. Lines that begin with # are comments.
//
//	statement ok                         the SQL below succeeds
//	statement count 3                    it succeeds and its command tag says 3 rows
//	statement error 22012 division by    it fails with this SQLSTATE, and a message that this regular expression matches
//	                                     (with ? for the SQLSTATE, -rewrite fills in both)
//	query int4,text [option …]           it returns columns of these types, and the rows below a line of ----, with |
//	                                     between columns, NULL for a null, (empty) for an empty text, \n for a new line
//	  rowsort                            both sides are sorted: the query has no order of its own
//	  noview                             it is no view's query; see below
//	  hide=1,3                           these columns are shown as *: they differ from run to run
//	connection c2                        the next record runs on a second connection of this name
//	skipif postgres / onlyif streamdb    the next record is left out for, or only run by, this system
//	restart                              the server is stopped and started again; only StreamDB is
//	halt                                 the rest of the file is not run
//
// # Views
//
// In StreamDB each query is run several times: ad hoc, and in each execution model that exists as a view made by CREATE VIEW,
// which is dropped again. Rows of views are sorted before they are compared. One view of each query stays until a statement
// changes the schema, or the file ends, and is then compared with its query run ad hoc. So statements that follow a query
// test that its view is kept up to date. Queries within a transaction, and those that do not begin with SELECT, WITH,
// VALUES, TABLE or a bracket, are run ad hoc only.
//
// Invariants:
//   - Each file starts on an empty server of its own, and files run in parallel: nothing depends on another file.
//   - Nothing in a file depends on time: records wait for answers, never for a duration.
package slt
