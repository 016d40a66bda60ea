// Package pgcopy is the COPY statement's choice of a format: it reads the options of COPY as PostgreSQL 15 does, with its errors,
// and makes the decoder or encoder that they ask for.
//
// testdata has PostgreSQL's answers for all formats; the tests compare ours with them and, where a PostgreSQL is at hand, them
// with PostgreSQL's.
package pgcopy
