// Package decimal is PostgreSQL's numeric: arbitrary precision decimal numbers with a display scale, NaN and infinities.
//
// Invariants:
//   - A Decimal is immutable and may be copied; operations return new ones.
//   - A coefficient that fits an int64 is never held as a big integer, so every value has one representation in memory
//     and one encoding (Append). Bytes of an encoding are equal exactly when value and display scale are.
//   - Result scales, rounding (half away from zero) and errors are PostgreSQL 15's (src/backend/utils/adt/numeric.c).
//     Sums, products, quotients and roots are exact integer arithmetic; apd computes exp and ln.
package decimal
