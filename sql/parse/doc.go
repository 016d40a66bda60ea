// Package parse reads PostgreSQL's SQL, and StreamDB's additions to it, into
// sql/ast. It is the only importer of the TiDB parser, which reads MySQL and
// would silently misread PostgreSQL; so that parser never sees a byte of the
// client's text. The way of a statement:
//
//  1. The lexer cuts the text into tokens by PostgreSQL's rules (lexer*.go).
//     Everything after it works on tokens.
//  2. Statements that MySQL does not have are read by recursive descent straight
//     into nodes (methods of parser).
//  3. SELECT, INSERT, UPDATE, DELETE and every expression are re-spelled
//     (methods of speller). The re-spelled text has nothing but MySQL keywords,
//     punctuation, parameter markers, and generated names `x0`, `x1`, ... Each
//     marker and each name stands for a mark: a node of sql/ast that the speller
//     has already made. An operation is spelled as a call, and its mark lists the
//     holes that the call's arguments fill, in order. Operators are read by
//     PostgreSQL's precedence, so MySQL's decides nothing.
//  4. TiDB's tree is un-spelled (methods of unspeller): calls fill their holes,
//     clauses go to the nodes that the marks name.
//
// A construct's spelling and un-spelling stand in one file. For an expression
// the un-spelling is its list of holes; query clauses have a method of each.
//
// Invariants:
//
//   - No TiDB node, message or marker name leaves the package.
//   - Recursion is bounded: brackets, CASE, prefix operators and subqueries by
//     maxNesting, left-nested forms by maxWraps. Chains (AND, OR, one precedence
//     level of operators, set operations of one level) are read in loops.
//   - Errors have PostgreSQL's wording, SQLSTATE and position. Inside the package
//     they travel as panics of type bailout, which the exported functions catch.
package parse
