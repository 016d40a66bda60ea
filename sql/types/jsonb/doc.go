// Package jsonb is PostgreSQL's jsonb: its canonical form, order, containment and accessors.
//
// A value is stored as the text that jsonb_out prints: keys in PostgreSQL's order (shorter ones first, then by bytes), the
// last of equal keys kept, numbers as numeric prints them, ", " and ": " as separators, and one spelling for each
// character of a string. So output is a copy, and two values are identical exactly when their bytes are.
//
// Invariants:
//   - Parse is the only maker of such text; every other function takes it as canonical, but does not panic on other bytes.
//   - What an accessor returns shares its argument's bytes where it can.
//   - Numbers keep trailing zeros after the point, but compare, and hash (AppendKey), by value.
package jsonb
