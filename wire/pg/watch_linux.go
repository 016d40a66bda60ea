package pg

import (
	"net"
	"syscall"

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
