package pg

import (
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// watch looks, each CheckInterval, after the clients of calls that have been running since the last look, and cancels those
// whose client has gone. It asks the socket and takes no byte of it, so pipelined messages stay where they are; short
// calls cost nothing. It looks less often where there are many, so that thousands of subscribers at rest cost little.
func (s *Server) watch() {
	next := time.NewTimer(s.cfg.Limits.CheckInterval)
	defer next.Stop()
	for {
		select {
		case <-s.stopWatch:
			return
		case <-next.C:
		}
		s.mu.Lock()
		conns := s.connections()
		s.mu.Unlock()
		for _, c := range conns {
			s.lookAfter(c)
		}
		next.Reset(s.cfg.Limits.CheckInterval * time.Duration(1+len(conns)/watched))
	}
}

// watched is how many connections are looked after each CheckInterval, about.
const watched = 500

func (s *Server) lookAfter(c *conn) {
	call, running := c.intr.current()
	seen := c.watched
	c.watched = call
	if !running || seen != call || !hasGone(c.raw) {
		return
	}
	gone := fatal(sqlerr.New(sqlerr.ConnectionFailure, "connection to client lost"))
	s.metrics.Vanished.Add(1)
	c.intr.interruptCall(call, gone)
}
