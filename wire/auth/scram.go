package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"strings"

	"github.com/xdg-go/scram"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// The SASL mechanisms.
const (
	mechanism     = "SCRAM-SHA-256"
	mechanismPlus = "SCRAM-SHA-256-PLUS"
)

// Authenticator makes exchanges. It is safe for many goroutines.
type Authenticator struct {
	mockKey []byte
}

// NewAuthenticator makes an authenticator. mockKey, at least 16 random bytes, decides the salts shown for roles that have no
// password; one that outlives restarts keeps such salts as stable as real ones. nil makes one up.
func NewAuthenticator(mockKey []byte) *Authenticator {
	if len(mockKey) == 0 {
		mockKey = make([]byte, sha256.Size)
		_, _ = rand.Read(mockKey) // never fails: crypto/rand
	}
	return &Authenticator{mockKey: mockKey}
}

// Exchange is the server's side of one SASL exchange: Mechanisms, Start, Finish.
type Exchange struct {
	role    string
	secret  scram.StoredCredentials
	mock    bool // secret is nobody's: the proof is checked all the same, and never accepted
	binding scram.ChannelBinding
	conv    *scram.ServerConversation
}

// Exchange begins the exchange of a role that has this verifier, "" for a role that has none or does not exist. cert is the
// certificate that this server showed the client over TLS, nil without TLS.
func (a *Authenticator) Exchange(role, verifier string, cert *tls.Certificate) *Exchange {
	x := &Exchange{role: role}
	var ok bool
	if x.secret, ok = parseVerifier(verifier); !ok {
		x.secret, x.mock = a.mockSecret(role), true
	}
	if cert != nil {
		x.binding = endpointBinding(cert)
	}
	return x
}

// mockSecret is credentials that no password has, with a salt that is the same each time.
func (a *Authenticator) mockSecret(role string) scram.StoredCredentials {
	key := make([]byte, 2*sha256.Size)
	_, _ = rand.Read(key) // never fails: crypto/rand
	return scram.StoredCredentials{
		KeyFactors: scram.KeyFactors{Salt: string(mac(a.mockKey, role)[:saltLen]), Iters: Iterations},
		StoredKey:  key[:sha256.Size],
		ServerKey:  key[sha256.Size:],
	}
}

// Mechanisms are what to offer the client, best first.
func (x *Exchange) Mechanisms() []string {
	if x.binding.IsSupported() {
		return []string{mechanismPlus, mechanism}
	}
	return []string{mechanism}
}

// Start takes the client's choice of mechanism with its first message, and gives the challenge.
func (x *Exchange) Start(chosen string, clientFirst []byte) ([]byte, *sqlerr.Error) {
	switch {
	case chosen == mechanismPlus && x.binding.IsSupported():
		if !strings.HasPrefix(string(clientFirst), "p=") {
			return nil, malformed("the client chose channel binding and did not use it")
		}
	case chosen == mechanism:
		if strings.HasPrefix(string(clientFirst), "p=") {
			return nil, malformed("the client uses channel binding with a mechanism that has none")
		}
	default:
		return nil, sqlerr.New(sqlerr.ProtocolViolation, "client selected an invalid SASL authentication mechanism")
	}
	server, err := scram.SHA256.NewServer(func(string) (scram.StoredCredentials, error) {
		// The name in the SCRAM message is ignored, as in PostgreSQL: the start-up packet's counts.
		return x.secret, nil
	})
	if err != nil {
		return nil, sqlerr.Wrap(err, sqlerr.InternalError, "could not start SCRAM")
	}
	x.conv = server.NewConversationWithChannelBinding(x.binding)
	challenge, err := x.conv.Step(string(clientFirst))
	if err != nil {
		return nil, malformed(err.Error())
	}
	if x.conv.AuthzID() != "" {
		return nil, sqlerr.Unsupported("a SCRAM authorization identity", "Leave it out: the user of the start-up packet counts.")
	}
	return []byte(challenge), nil
}

// Finish takes the client's proof and gives the server's. The error of a wrong proof is 28P01 whatever was wrong.
func (x *Exchange) Finish(clientFinal []byte) ([]byte, *sqlerr.Error) {
	if x.conv == nil || x.conv.Done() {
		return nil, sqlerr.New(sqlerr.ProtocolViolation, "unexpected SASL response")
	}
	answer, err := x.conv.Step(string(clientFinal))
	if err != nil || !x.conv.Valid() || x.mock {
		return nil, sqlerr.Wrap(err, sqlerr.InvalidPassword, "password authentication failed for user \"%s\"", x.role)
	}
	return []byte(answer), nil
}

func malformed(detail string) *sqlerr.Error {
	return sqlerr.New(sqlerr.ProtocolViolation, "malformed SCRAM message").WithDetail("%s", detail)
}
