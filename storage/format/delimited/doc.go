// Package delimited reads and writes rows as lines of text with delimiters: the text and csv formats of PostgreSQL 15's COPY, with
// all their options.
//
// Reading has three steps, each for a batch of rows: lines finds where lines end (CopyReadLineText), fields cuts them
// (CopyReadAttributesText and CSV) into spans of the buffer, and each column's spans are decoded by a loop of its own. Only
// fields with escapes are copied before they are decoded.
//
// Invariants:
//   - What is accepted, the values, and the errors with their context are PostgreSQL's (src/backend/commands/copyfrom*.c,
//     copyto.c); testdata has its answers.
//   - Input is UTF-8; invalid bytes and NUL are 22021 before they are looked at.
package delimited
