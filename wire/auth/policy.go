package auth

import (
	"net"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Policy says which clients need what. The zero value is the safe one.
type Policy struct {
	// AllowPlaintext lets other hosts in without TLS.
	AllowPlaintext bool
	// AllowTrust lets other hosts in without a password, where the role has none.
	AllowTrust bool
}

// Method is how a client authenticates.
type Method uint8

// The methods.
const (
	Trust Method = iota // the client is believed
	SCRAM               // it proves that it knows the role's password
)

// Client is what the policy looks at.
type Client struct {
	Remote net.Addr
	TLS    bool
	// Known says that the role exists, HasPassword that it has a verifier.
	Known, HasPassword bool
}

// Method decides for one client; an error refuses it.
//
// On loopback a role without a password is believed. So is an unknown one, which the engine then refuses with its name:
// who is on this host may know which roles there are, and "role does not exist" helps where a password prompt would
// not.
func (p Policy) Method(c Client) (Method, *sqlerr.Error) {
	local := Local(c.Remote)
	if !local && !c.TLS && !p.AllowPlaintext {
		return Trust, sqlerr.New(sqlerr.InvalidAuthorization, "connections from other hosts must use TLS").
			WithHint("Connect with sslmode=require, or from the server's own host.")
	}
	if c.HasPassword {
		return SCRAM, nil
	}
	if local || p.AllowTrust {
		return Trust, nil
	}
	return SCRAM, nil // against a mock secret: it always fails, as a wrong password does
}

// Local reports whether an address is of this host: loopback, a Unix socket, or an in-memory pipe.
func Local(a net.Addr) bool {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return a != nil && a.Network() == "pipe"
}
