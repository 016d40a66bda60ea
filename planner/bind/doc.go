// Package bind gives meaning to a statement: names become columns, operators become functions, literals get types, and what comes
// out is a logical plan. Rules and messages are PostgreSQL 15's (parse_relation.c, parse_func.c, parse_coerce.c, parse_agg.c).
//
// Subqueries leave no trace in expressions: each becomes a dependent join below the operator that uses its value, which
// the rules then take apart.
//
// Invariants:
//   - Every bound expression has exact types: casts are explicit nodes, and no literal or parameter is left untyped.
//   - Errors have a SQLSTATE and, where the client's text is to blame, a position.
//   - Recursion follows the nesting of the statement, which the parser bounds; lists are iterated.
//
// An error inside the binder is a panic with *sqlerr.Error that the entry points recover: a binder is one long chain of checks,
// and no state outlives a failed one. Panics of any other kind pass through.
package bind
