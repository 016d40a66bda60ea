package auth

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/xdg-go/scram"
	"github.com/xdg-go/stringprep"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

const (
	// Iterations is PostgreSQL's default of scram_iterations; mock secrets have it too.
	Iterations = 4096
	saltLen    = 16
	prefix     = "SCRAM-SHA-256$"
)

// NewVerifier makes the verifier of a password, with a random salt:
//
//	SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>
//
// A password that SASLprep refuses is used as it is, as PostgreSQL does.
func NewVerifier(password string) (string, error) {
	salt := make([]byte, saltLen)
	_, _ = rand.Read(salt) // never fails: crypto/rand
	if prepared, err := stringprep.SASLprep.Prepare(password); err == nil {
		password = prepared
	}
	salted, err := pbkdf2.Key(sha256.New, password, salt, Iterations, sha256.Size)
	if err != nil {
		return "", sqlerr.Wrap(err, sqlerr.InternalError, "could not hash the password")
	}
	stored := sha256.Sum256(mac(salted, "Client Key"))
	b64 := base64.StdEncoding.EncodeToString
	return prefix + strconv.Itoa(Iterations) + ":" + b64(salt) + "$" + b64(stored[:]) + ":" + b64(mac(salted, "Server Key")), nil
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// parseVerifier takes a verifier apart.
func parseVerifier(v string) (scram.StoredCredentials, bool) {
	var none scram.StoredCredentials
	rest, ok := strings.CutPrefix(v, prefix)
	if !ok {
		return none, false
	}
	factors, keys, ok := strings.Cut(rest, "$")
	if !ok {
		return none, false
	}
	iterations, salt, ok1 := strings.Cut(factors, ":")
	stored, server, ok2 := strings.Cut(keys, ":")
	n, err := strconv.Atoi(iterations)
	if !ok1 || !ok2 || err != nil || n < 1 {
		return none, false
	}
	var raw [3][]byte
	for i, s := range []string{salt, stored, server} {
		if raw[i], err = base64.StdEncoding.DecodeString(s); err != nil {
			return none, false
		}
	}
	if len(raw[1]) != sha256.Size || len(raw[2]) != sha256.Size {
		return none, false
	}
	return scram.StoredCredentials{
		KeyFactors: scram.KeyFactors{Salt: string(raw[0]), Iters: n},
		StoredKey:  raw[1],
		ServerKey:  raw[2],
	}, true
}
