//go:build !linux

package pg

import (
	"net"
	"time"
)

// hasGone needs Linux's POLLRDHUP, which sees a closed peer behind unread bytes. Elsewhere a vanished client is noticed when
// the statement writes to it or ends.
func hasGone(net.Conn) bool { return false }

// limitUnacknowledged needs Linux's TCP_USER_TIMEOUT. Elsewhere the system's own retransmission limit holds.
func limitUnacknowledged(*net.TCPConn, time.Duration) {}
