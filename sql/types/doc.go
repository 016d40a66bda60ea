// Package types knows what a SQL value is: a row per type (Table) with its OID, physical kind, text and binary codec,
// comparison and casts.
//
// Its subpackages know the values that need more than a page: decimal (numeric), datetime, jsonb. Each has no knowledge of
// Type and Datum; this package joins them.
//
// Invariants:
//   - It imports neither vec nor fn: a type is about one value, a Datum. Columns of values are sql/vec's, and both spell
//     a value through the same primitives here, so that a text is written in one place.
//   - Every behaviour (input and output text, binary form, ordering, rounding, errors) is PostgreSQL 15's.
//   - A type is added as one row of Table and one file.
package types
