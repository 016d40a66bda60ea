// Package pg talks the PostgreSQL frontend/backend protocol, versions 3.0 and 3.2, to clients on one side and sql/engine on
// the other.
//
// A connection is one goroutine. Its bytes pass
//
//	socket → window → frames → pgproto3.Backend → conn (startup, simple, extended, copy) → engine
//	engine → rows, copy → out → socket
//
// The statements of texts that a client sends again and again are kept (recent): what it does not prepare it shall not pay for each
// time.
//
// Invariants:
//   - No bytes of a client can take the process down or make it allocate what they merely claim: frames checks each
//     message's type against the connection's phase, its length against that type's limit and its body's inner lengths, and
//     grows a body only as bytes arrive, before pgproto3 sees it. What slips through ends that connection alone (recover).
//   - A message that breaks the protocol but not the stream is an ERROR and the session lives on; one after which the
//     stream cannot be trusted is FATAL.
//   - Nothing waits for a client without a bound: reads before login have one deadline, writes have one each, and a client
//     that goes away while its statement runs cancels it (watch).
//   - Output is sent where the protocol asks for it (Sync, Flush, end of Query, COPY's turns) or when the buffer is full.
//   - It is the only importer of pgproto3.
package pg
