// Package reference writes docs/reference from the lists that the server itself reads, and fails where the pages have fallen behind:
//
//	go test ./tests/reference -rewrite
//
// Invariant: a page has nothing that is not in a list, so that whoever adds a function, a setting or an option documents it there.
package reference
