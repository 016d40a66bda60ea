package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xdg-go/scram"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

func TestPolicy(t *testing.T) {
	local := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}
	local6 := &net.TCPAddr{IP: net.IPv6loopback}
	remote := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1)}
	for name, tc := range map[string]struct {
		policy  Policy
		client  Client
		method  Method
		refused bool
	}{
		"loopback without password":             {client: Client{Remote: local, Known: true}, method: Trust},
		"loopback of IPv6":                      {client: Client{Remote: local6, Known: true}, method: Trust},
		"a Unix socket":                         {client: Client{Remote: &net.UnixAddr{Net: "unix"}, Known: true}, method: Trust},
		"loopback with password":                {client: Client{Remote: local, Known: true, HasPassword: true}, method: SCRAM},
		"loopback, unknown role":                {client: Client{Remote: local}, method: Trust},
		"other host in clear":                   {client: Client{Remote: remote, Known: true, HasPassword: true}, refused: true},
		"other host, TLS, password":             {client: Client{Remote: remote, TLS: true, Known: true, HasPassword: true}, method: SCRAM},
		"other host, TLS, no password":          {client: Client{Remote: remote, TLS: true, Known: true}, method: SCRAM},
		"other host, TLS, unknown role":         {client: Client{Remote: remote, TLS: true}, method: SCRAM},
		"other host in clear, allowed":          {policy: Policy{AllowPlaintext: true}, client: Client{Remote: remote, HasPassword: true}, method: SCRAM},
		"other host, trust allowed, in clear":   {policy: Policy{AllowTrust: true}, client: Client{Remote: remote, Known: true}, refused: true},
		"other host, trust allowed":             {policy: Policy{AllowTrust: true}, client: Client{Remote: remote, TLS: true, Known: true}, method: Trust},
		"trust allowed does not void passwords": {policy: Policy{AllowTrust: true}, client: Client{Remote: remote, TLS: true, HasPassword: true}, method: SCRAM},
		"no address is not this host":           {client: Client{}, refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			method, err := tc.policy.Method(tc.client)
			require.Equal(t, tc.refused, err != nil)
			if err == nil {
				require.Equal(t, tc.method, method)
			} else {
				require.Equal(t, sqlerr.InvalidAuthorization, err.Code)
			}
		})
	}
}

// exchange lets a client log in and gives the server's salt and error.
func exchange(t *testing.T, x *Exchange, password string, binding scram.ChannelBinding) (first string, err *sqlerr.Error) {
	t.Helper()
	client, cerr := scram.SHA256.NewClient("", password, "")
	require.NoError(t, cerr)
	conv, mech := client.NewConversation(), mechanism
	if binding.IsSupported() {
		conv, mech = client.NewConversationWithChannelBinding(binding), mechanismPlus
	}
	msg, cerr := conv.Step("")
	require.NoError(t, cerr)
	challenge, err := x.Start(mech, []byte(msg))
	if err != nil {
		return "", err
	}
	proof, cerr := conv.Step(string(challenge))
	require.NoError(t, cerr)
	answer, err := x.Finish([]byte(proof))
	if err != nil {
		return string(challenge), err
	}
	_, cerr = conv.Step(string(answer))
	require.NoError(t, cerr)
	require.True(t, conv.Valid(), "the client must be able to check the server")
	return string(challenge), nil
}

func TestExchange(t *testing.T) {
	verifier, err := NewVerifier("pencil")
	require.NoError(t, err)
	a := NewAuthenticator(nil)
	_, refused := exchange(t, a.Exchange("u", verifier, nil), "pencil", scram.ChannelBinding{})
	require.Nil(t, refused)
	_, refused = exchange(t, a.Exchange("u", verifier, nil), "pen", scram.ChannelBinding{})
	require.Equal(t, sqlerr.InvalidPassword, refused.Code)
	require.Equal(t, `password authentication failed for user "u"`, refused.Message)
}

// TestPostgresVerifier takes a verifier that PostgreSQL 15 made.
func TestPostgresVerifier(t *testing.T) {
	const verifier = "SCRAM-SHA-256$4096:ge4rMG/vCKjRWx+iAsFWXQ==$kZSutvd3Bt0+HK9D4Zh15zMRCzcB4sLbapSxit7QghE=:aoBvJVH2kAafXOZOkSHKClBtxw83py6d2TK/NO8YsOA="
	a := NewAuthenticator(nil)
	_, refused := exchange(t, a.Exchange("secret", verifier, nil), "pencil", scram.ChannelBinding{})
	require.Nil(t, refused)
}

// TestMock shows that an unknown role looks like one whose password is wrong.
func TestMock(t *testing.T) {
	verifier, err := NewVerifier("pencil")
	require.NoError(t, err)
	key := []byte("0123456789abcdef")
	a, restarted := NewAuthenticator(key), NewAuthenticator(key)
	wrong, wrongErr := exchange(t, a.Exchange("u", verifier, nil), "guess", scram.ChannelBinding{})
	unknown, unknownErr := exchange(t, a.Exchange("u", "", nil), "guess", scram.ChannelBinding{})
	again, _ := exchange(t, restarted.Exchange("u", "", nil), "guess", scram.ChannelBinding{})
	other, _ := exchange(t, a.Exchange("v", "", nil), "guess", scram.ChannelBinding{})
	require.Equal(t, wrongErr.Message, unknownErr.Message)
	require.Equal(t, wrongErr.Code, unknownErr.Code)
	field := func(challenge string, i int) string { return strings.Split(challenge, ",")[i] }
	require.Equal(t, field(wrong, 2), field(unknown, 2), "iterations")
	require.Len(t, field(unknown, 1), len(field(wrong, 1)), "salt")
	require.Equal(t, field(unknown, 1), field(again, 1), "the salt must be stable")
	require.NotEqual(t, field(unknown, 1), field(other, 1))
}

func TestChannelBinding(t *testing.T) {
	cert := selfSigned(t)
	verifier, err := NewVerifier("pencil")
	require.NoError(t, err)
	a := NewAuthenticator(nil)
	x := a.Exchange("u", verifier, cert)
	require.Equal(t, []string{mechanismPlus, mechanism}, x.Mechanisms())
	sum := sha256.Sum256(cert.Certificate[0])
	_, refused := exchange(t, x, "pencil", scram.ChannelBinding{Type: scram.ChannelBindingTLSServerEndpoint, Data: sum[:]})
	require.Nil(t, refused)
	sum[0]++ // a man in the middle shows another certificate
	_, refused = exchange(t, a.Exchange("u", verifier, cert), "pencil", scram.ChannelBinding{Type: scram.ChannelBindingTLSServerEndpoint, Data: sum[:]})
	require.Equal(t, sqlerr.InvalidPassword, refused.Code)
	_, refused = exchange(t, a.Exchange("u", verifier, cert), "pencil", scram.ChannelBinding{})
	require.Nil(t, refused, "binding is offered, not demanded")
}

func TestMalformed(t *testing.T) {
	a := NewAuthenticator(nil)
	for _, tc := range []struct{ mechanism, first string }{
		{"PLAIN", "n,,n=,r=x"}, {mechanism, ""}, {mechanism, "n,,"}, {mechanism, "p=tls-unique,,n=,r=x"},
		{mechanismPlus, "n,,n=,r=x"}, {mechanism, "n,a=admin,n=,r=x"}, {mechanism, "n,,m=1,n=,r=x"},
	} {
		_, refused := a.Exchange("u", "", nil).Start(tc.mechanism, []byte(tc.first))
		require.NotNil(t, refused, tc.first)
	}
	x := a.Exchange("u", "", nil)
	_, refused := x.Finish([]byte("c=biws,r=x,p=AAAA"))
	require.Equal(t, sqlerr.ProtocolViolation, refused.Code)
	for _, v := range []string{"", "md5abc", "SCRAM-SHA-256$", "SCRAM-SHA-256$0:AA==$AA==:AA==", "SCRAM-SHA-256$x:AA==$AA==:AA==", "SCRAM-SHA-256$1:A$A:A"} {
		_, ok := parseVerifier(v)
		require.False(t, ok, v)
	}
}

func selfSigned(t *testing.T) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
