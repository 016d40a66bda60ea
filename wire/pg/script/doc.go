// Package script talks the PostgreSQL protocol from text files: messages to send and the messages that must come back. The
// files know nothing of the server, so the same file is run against StreamDB and against PostgreSQL.
//
// A file is in datadriven's form. Commands:
//
//	start [conn=c] [name=value …]     connects with these start-up parameters, shows what comes until ReadyForQuery
//	send [conn=c] [until=M] [nowait]  sends the messages listed, one a line, and shows what comes until message M, or as
//	                                  many ReadyForQuery as Query and Sync were sent, or as ready=n says
//	receive [conn=c] until=M          shows what comes until message M; until=close is the end of the connection
//	quiet [conn=c]                    shows what comes within 50 ms: nothing, if the server keeps the protocol
//	cancel [conn=c]                   sends a cancel request with the connection's key
//	raw [conn=c] [until=M]            sends bytes: hexadecimal, or a quoted string
//
// send and start take `verbose`, which shows detail, hint and context of errors too.
//
// Messages to send, with strings quoted where they are not a plain word:
//
//	Query sql                         Parse name sql [oid …]
//	Bind portal name [in=0,1] [out=1] [value …]    where a value is a word, a "string", null, or 0x… for bytes
//	Describe S|P name                 Execute portal [max]            Close S|P name
//	Sync  Flush  Terminate            CopyData data  CopyDone  CopyFail message
//
// Invariants:
//   - It shares no code with the server: what it understands of the protocol it understands by itself.
//   - What differs between any two servers of one kind (keys, parameters at start, file and line of errors) is not shown.
package script
