package pg

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/wire/auth"
)

// Server serves PostgreSQL's protocol on any number of listeners.
type Server struct {
	engine   engine.Engine
	cfg      Config
	tls      *tls.Config
	auth     *auth.Authenticator
	throttle *auth.Throttle
	log      *slog.Logger
	metrics  Metrics
	keys     cancelKeys

	mu        sync.Mutex
	listeners map[net.Listener]struct{}
	conns     map[*conn]struct{}
	pending   int // connections that are not logged in
	closing   bool
	done      sync.WaitGroup // a connection or watcher each
	stopWatch chan struct{}
}

// NewServer makes a server that answers through e.
func NewServer(e engine.Engine, cfg Config) *Server {
	cfg.Limits = cfg.Limits.withDefaults()
	s := &Server{
		engine:    e,
		cfg:       cfg,
		tls:       serverTLS(cfg.TLS),
		auth:      auth.NewAuthenticator(cfg.MockKey),
		throttle:  auth.NewThrottle(time.Now),
		log:       cfg.Log,
		listeners: map[net.Listener]struct{}{},
		conns:     map[*conn]struct{}{},
		stopWatch: make(chan struct{}),
	}
	if s.cfg.Parse == nil {
		s.cfg.Parse = parse.Statements
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.done.Add(1)
	go func() {
		defer s.done.Done()
		s.watch()
	}()
	return s
}

// Metrics are the server's counters.
func (s *Server) Metrics() *Metrics { return &s.metrics }

// Serve accepts connections until Shutdown, and then returns nil, or until the listener fails. It closes the listener.
func (s *Server) Serve(l net.Listener) error {
	if !s.addListener(l) {
		return l.Close()
	}
	defer s.dropListener(l)
	for backoff := time.Duration(0); ; {
		nc, err := l.Accept()
		if err == nil {
			backoff = 0
			s.accept(nc)
			continue
		}
		if s.isClosing() {
			return nil
		}
		var ne net.Error
		if errors.Is(err, net.ErrClosed) || !errors.As(err, &ne) {
			return err
		}
		// Out of file descriptors, for example: it passes when a client leaves.
		backoff = min(max(2*backoff, 5*time.Millisecond), time.Second)
		s.log.Warn("accept failed", "listener", l.Addr(), "error", err, "retry_in", backoff)
		time.Sleep(backoff)
	}
}

// Serve is NewServer and Serve until ctx ends, with a Shutdown then that gives sessions five seconds.
func Serve(ctx context.Context, l net.Listener, e engine.Engine, cfg Config) error {
	s := NewServer(e, cfg)
	stop := context.AfterFunc(ctx, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = s.Shutdown(last) // the sessions it had to cut off are gone all the same
	})
	defer stop()
	return s.Serve(l)
}

// accept starts a connection's goroutine, or refuses it where too many are not logged in.
func (s *Server) accept(nc net.Conn) {
	s.metrics.Accepted.Add(1)
	s.keepAlive(nc)
	c := newConn(s, nc)
	s.mu.Lock()
	full := s.pending >= s.cfg.Limits.MaxPending
	refused := s.closing || full
	if !refused {
		s.pending++
		s.conns[c] = struct{}{}
		s.done.Add(1)
	}
	s.mu.Unlock()
	if refused {
		s.metrics.Refused.Add(1)
		_ = nc.Close()
		if full {
			s.log.Warn("connection refused: too many are not logged in", "remote", nc.RemoteAddr(), "setting", settingMaxPending)
		}
		return
	}
	s.metrics.Connections.Add(1)
	go func() {
		defer s.done.Done()
		defer s.forget(c)
		c.serve()
	}()
}

func (s *Server) keepAlive(nc net.Conn) {
	tcp, ok := nc.(*net.TCPConn)
	if !ok {
		return
	}
	idle := s.cfg.Limits.KeepAlive
	_ = tcp.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: idle, Interval: max(idle/4, time.Second), Count: 4})
	limitUnacknowledged(tcp, s.cfg.Limits.WriteTimeout)
}

// loggedIn takes a connection off the count of pending ones.
func (s *Server) loggedIn(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !c.counted {
		c.counted = true
		s.pending--
	}
}

func (s *Server) forget(c *conn) {
	s.loggedIn(c)
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	s.metrics.Connections.Add(-1)
}

func (s *Server) addListener(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.listeners[l] = struct{}{}
	return true
}

func (s *Server) dropListener(l net.Listener) {
	s.mu.Lock()
	delete(s.listeners, l)
	s.mu.Unlock()
	_ = l.Close()
}

func (s *Server) isClosing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// Shutdown stops accepting, cancels what runs, ends each session with FATAL 57P01 and waits for them. When ctx ends first,
// the connections left are cut off, and its error is returned.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	first := !s.closing
	s.closing = true
	for l := range s.listeners {
		_ = l.Close()
	}
	conns := s.connections()
	s.mu.Unlock()
	if first {
		close(s.stopWatch)
	}
	reason := fatal(sqlerr.New(sqlerr.AdminShutdown, "terminating connection due to administrator command"))
	for _, c := range conns {
		c.intr.interrupt(reason)
	}
	ended := make(chan struct{})
	go func() {
		s.done.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	}
	for _, c := range conns {
		_ = c.raw.Close()
	}
	return ctx.Err()
}

// connections lists the connections; mu must be held.
func (s *Server) connections() []*conn {
	conns := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		conns = append(conns, c)
	}
	return conns
}
