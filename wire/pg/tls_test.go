package pg

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// sslRequest and gssRequest ask for encryption.
var (
	sslRequest = []byte{0, 0, 0, 8, 4, 210, 22, 47}
	gssRequest = []byte{0, 0, 0, 8, 4, 210, 22, 48}
)

func tlsConfig(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func TestTLS(t *testing.T) {
	_, addr := startServer(t, newFakeEngine(), Config{TLS: tlsConfig(t)})
	ctx := context.Background()
	for _, params := range []string{
		"?sslmode=require", "?sslmode=require&sslnegotiation=direct", "?sslmode=disable", "?sslmode=require&channel_binding=require",
		"?sslmode=require&channel_binding=disable",
	} {
		t.Run(params, func(t *testing.T) {
			c, err := pgx.Connect(ctx, "postgres://secret:pencil@"+addr+"/streamdb"+params)
			require.NoError(t, err)
			var n int
			require.NoError(t, c.QueryRow(ctx, "SELECT 1").Scan(&n))
			rows, err := c.Query(ctx, "SELECT g FROM generate_series(1, 100000) g")
			require.NoError(t, err)
			for rows.Next() {
				n++
			}
			require.NoError(t, rows.Err())
			require.Equal(t, 100_001, n)
			require.NoError(t, c.Close(ctx))
		})
	}
}

func TestTLSRefused(t *testing.T) {
	_, addr := startServer(t, newFakeEngine(), Config{TLS: tlsConfig(t)})
	t.Run("old version", func(t *testing.T) {
		nc := dial(t, addr)
		_, err := nc.Write(sslRequest)
		require.NoError(t, err)
		requireByte(t, nc, 'S')
		old := tls.Client(nc, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10})
		require.Error(t, old.Handshake())
	})
	t.Run("direct without ALPN", func(t *testing.T) {
		c, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true})
		require.NoError(t, err)
		defer c.Close()
		_, _ = c.Write(startupBytes("streamdb")) // it may have been closed already
		answer, _ := io.ReadAll(c)
		require.Contains(t, string(answer), "without ALPN")
	})
	t.Run("plaintext behind the request", func(t *testing.T) {
		nc := dial(t, addr)
		_, err := nc.Write(append(bytes.Clone(sslRequest), startupBytes("streamdb")...))
		require.NoError(t, err)
		answer, err := io.ReadAll(nc)
		require.NoError(t, err)
		require.Contains(t, string(answer), "received unencrypted data after SSL request")
	})
	t.Run("asked twice", func(t *testing.T) {
		nc := dial(t, addr)
		_, err := nc.Write(append(bytes.Clone(gssRequest), gssRequest...))
		require.NoError(t, err)
		answer, err := io.ReadAll(nc)
		require.NoError(t, err)
		require.Contains(t, string(answer), "unsupported frontend protocol")
	})
}

// TestNoTLS shows what a server without a certificate answers.
func TestNoTLS(t *testing.T) {
	_, addr := startServer(t, newFakeEngine(), Config{})
	nc := dial(t, addr)
	for _, ask := range [][]byte{gssRequest, sslRequest} {
		_, err := nc.Write(ask)
		require.NoError(t, err)
		requireByte(t, nc, 'N')
	}
	_, err := nc.Write(append(startupBytes("streamdb"), frame('X', "")...))
	require.NoError(t, err)
	answer, err := io.ReadAll(nc)
	require.NoError(t, err)
	require.Contains(t, string(answer), "server_version")

	direct := dial(t, addr)
	require.Error(t, tls.Client(direct, &tls.Config{InsecureSkipVerify: true}).Handshake())
}

func TestPassword(t *testing.T) {
	s, addr := startServer(t, newFakeEngine(), Config{})
	ctx := context.Background()
	c, err := pgx.Connect(ctx, "postgres://secret:pencil@"+addr+"/streamdb?sslmode=disable")
	require.NoError(t, err)
	require.NoError(t, c.Close(ctx))
	_, err = pgx.Connect(ctx, "postgres://secret:pen@"+addr+"/streamdb?sslmode=disable")
	require.Equal(t, "FATAL", requireCode(t, err, "28P01").Severity)
	require.EqualValues(t, 1, s.metrics.LoginsFailed.Load())
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	require.NoError(t, nc.SetDeadline(time.Now().Add(30*time.Second)))
	t.Cleanup(func() { _ = nc.Close() })
	return nc
}

func requireByte(t *testing.T, nc net.Conn, want byte) {
	t.Helper()
	var b [1]byte
	_, err := io.ReadFull(nc, b[:])
	require.NoError(t, err)
	require.Equal(t, string(want), string(b[:]))
}
