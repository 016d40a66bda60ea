// Package ast is StreamDB's own syntax tree: PostgreSQL 15's SQL as PostgreSQL
// sees it, plus the statements StreamDB adds (streams, sinks, SUBSCRIBE, ...).
//
// The nodes are pure data. They carry no types, no resolved names and no
// decisions; those belong to the binder. What the package adds to the data is
// a generic traversal (Children, Inspect) and a deparser (Format) whose output
// parses back to the same tree.
//
// Invariants every producer keeps and every consumer may rely on:
//
//   - Pos fields are byte offsets into the client's own statement text, or
//     NoPos when a node was made rather than read. The offset is the one
//     PostgreSQL would report in an error about the node: the operator of a
//     binary operation, the name of a function call, the first token otherwise.
//   - Identifiers are already folded and unquoted: they compare as bytes.
//   - Chains have no depth. AND, OR, a run of operators of one precedence
//     level (a + b - c, x || y || z) and a run of set operations are lists, so
//     that 100,000 terms cost a long slice and not a deep stack. Depth comes
//     from real nesting alone, which the parser bounds.
//   - Sugar that PostgreSQL's grammar removes is removed here too (EXTRACT,
//     SUBSTRING ... FROM, AT TIME ZONE, CURRENT_DATE, TABLE t are function calls
//     and selects); FuncCall.Form remembers the spelling for Format only.
package ast
