// Package arch tests the shape of the source tree: who may import whom (DESIGN section 4), how large a file or an interface may
// grow, what stands at the top level, and that every package says what it is for.
//
// The rules are data in rules_test.go; each check is a subtest of TestTree whose messages say what to do. testdata has small
// trees that break each rule, so that a check that no longer sees anything is noticed.
//
// Invariants:
//   - Sources are parsed, never built: the test takes a second, and a tree that does not compile is judged all the same.
//   - A rule has no list of exceptions. Where the tree is right and the rule wrong, the rule changes.
package arch
