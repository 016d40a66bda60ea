// Package settings holds the server's settings: a literal per setting in List, from which SET, SHOW, RESET, pg_settings, start-up
// parameters and limits all come; and Values, a session's own values with transaction scope.
//
// Invariants:
//   - A setting is added as one literal. Names are compared in lower case.
//   - A value is kept as text in its canonical form, as SHOW gives it; Check makes it so, or refuses it (22023).
//   - PostgreSQL 15's settings that have no meaning here are in the list as well, so that clients can set and show them.
package settings
