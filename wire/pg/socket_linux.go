package pg

import (
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// hasGone reports whether the peer of a socket has closed or lost it, even when bytes it sent before are still unread. It
// is PostgreSQL's WL_SOCKET_CLOSED: poll for POLLRDHUP.
func hasGone(nc net.Conn) bool {
	sc, ok := nc.(syscall.Conn)
	if !ok {
		return false // an in-memory pipe
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return true
	}
	var gone bool
	err = raw.Control(func(fd uintptr) {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLRDHUP}}
		n, err := unix.Poll(fds, 0)
		gone = err == nil && n > 0 && fds[0].Revents&(unix.POLLRDHUP|unix.POLLHUP|unix.POLLERR) != 0
	})
	return gone || err != nil
}

// limitUnacknowledged makes the kernel give a connection up when sent bytes stay unacknowledged for so long: keep-alive alone
// does not look after a peer that owes an acknowledgement.
func limitUnacknowledged(nc *net.TCPConn, limit time.Duration) {
	raw, err := nc.SyscallConn()
	if err != nil {
		return // closed already
	}
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(limit.Milliseconds())) // best effort
	})
}
