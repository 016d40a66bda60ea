// Package compat compares StreamDB with PostgreSQL: layers of it where a whole query would show too little (what the binder says of names,
// types and errors), and a server as a whole, by random queries over random tables, ad hoc and as views while the tables change. The
// random tests take -rounds and -seed; their grammar leaves nothing open that SQL leaves open, so answers must be equal.
package compat
