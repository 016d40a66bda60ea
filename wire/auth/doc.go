// Package auth decides how a client proves who it is, and checks the proof: SCRAM-SHA-256 (RFC 7677), with channel binding
// over TLS, as PostgreSQL does it.
//
// Invariants:
//   - A password never reaches the server; what is stored is a verifier in the form of PostgreSQL's
//     pg_authid.rolpassword.
//   - A client cannot tell an unknown role, a role without password, and a wrong password apart, neither by text, salt,
//     iterations nor work done: the exchange runs to its end against a mock secret.
//   - Other hosts need TLS and a password, unless the policy says otherwise.
package auth
