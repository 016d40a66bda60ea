package pg

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"
)

// alpn is the protocol name that direct TLS requires (PostgreSQL 17).
const alpn = "postgresql"

// errNoCertificate is a TLS configuration without any certificate.
var errNoCertificate = errors.New("tls: no certificate configured")

// serverTLS is a server's TLS configuration made fit for PostgreSQL clients, nil for nil.
func serverTLS(cfg *tls.Config) *tls.Config {
	if cfg == nil {
		return nil
	}
	cfg = cfg.Clone()
	cfg.MinVersion = max(cfg.MinVersion, tls.VersionTLS12)
	cfg.NextProtos = []string{alpn}
	// A resumed session would not tell which certificate its client binds to; PostgreSQL has no tickets either.
	cfg.SessionTicketsDisabled = true
	return cfg
}

// handshake makes a TLS connection over nc, and tells which certificate was shown.
func handshake(nc net.Conn, cfg *tls.Config, deadline time.Time) (*tls.Conn, *tls.Certificate, error) {
	var shown *tls.Certificate
	own := cfg.Clone()
	own.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		cert, err := chooseCertificate(cfg, hello)
		shown = cert
		return cert, err
	}
	own.Certificates = nil
	ctx, cancel := context.WithDeadline(context.Background(), deadline)
	defer cancel()
	t := tls.Server(nc, own)
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, nil, err
	}
	return t, shown, nil
}

// chooseCertificate does what crypto/tls does with a Config: the function first, then the certificate that suits the client,
// then the first.
func chooseCertificate(cfg *tls.Config, hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if cfg.GetCertificate != nil {
		if cert, err := cfg.GetCertificate(hello); cert != nil || err != nil {
			return cert, err
		}
	}
	for i := range cfg.Certificates {
		if hello.SupportsCertificate(&cfg.Certificates[i]) == nil {
			return &cfg.Certificates[i], nil
		}
	}
	if len(cfg.Certificates) == 0 {
		return nil, errNoCertificate
	}
	return &cfg.Certificates[0], nil
}

// prefixed is a connection of which the first bytes were read already.
type prefixed struct {
	net.Conn
	first []byte
}

func (p *prefixed) Read(b []byte) (int, error) {
	if len(p.first) == 0 {
		return p.Conn.Read(b)
	}
	n := copy(b, p.first)
	p.first = p.first[n:]
	return n, nil
}
