// Package pgbinary reads and writes the binary format of PostgreSQL's COPY: a signature, and then rows of fields with a length
// each, in the types' binary forms.
//
// Invariants:
//   - What is accepted, and the errors with their context, are PostgreSQL 15's (copyfromparse.c).
//   - A field's length is believed only as far as its bytes have come: nothing is allocated for what is announced.
package pgbinary
