// Package sqlerr makes every error that a client can see: SQLSTATE, message, detail, hint and position.
//
// Invariants:
//   - An error that crosses a package border towards a client is an *Error, or is turned into one by From, which
//     reports anything else as XX000 (internal_error).
//   - SQLSTATE codes are PostgreSQL 15's (Appendix A of its manual) and stand in codes.go only.
//   - Messages follow PostgreSQL's style guide: lower case, no full stop; hints and details are sentences.
package sqlerr
