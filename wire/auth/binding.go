package auth

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"

	"github.com/xdg-go/scram"
)

// endpointBinding is the tls-server-end-point binding (RFC 5929) of a server certificate: its hash, by the hash of its
// signature, but never weaker than SHA-256. A certificate whose signature has no single hash (Ed25519) has no such
// binding; PLUS is then not offered.
func endpointBinding(cert *tls.Certificate) scram.ChannelBinding {
	var none scram.ChannelBinding
	leaf := cert.Leaf
	if leaf == nil {
		if len(cert.Certificate) == 0 {
			return none
		}
		var err error
		if leaf, err = x509.ParseCertificate(cert.Certificate[0]); err != nil {
			return none
		}
	}
	h, ok := signatureHash(leaf.SignatureAlgorithm)
	if !ok || !h.Available() {
		return none
	}
	sum := h.New()
	sum.Write(leaf.Raw)
	return scram.ChannelBinding{Type: scram.ChannelBindingTLSServerEndpoint, Data: sum.Sum(nil)}
}

func signatureHash(a x509.SignatureAlgorithm) (crypto.Hash, bool) {
	switch a {
	case x509.MD5WithRSA, x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1,
		x509.SHA256WithRSA, x509.SHA256WithRSAPSS, x509.ECDSAWithSHA256, x509.DSAWithSHA256:
		return crypto.SHA256, true
	case x509.SHA384WithRSA, x509.SHA384WithRSAPSS, x509.ECDSAWithSHA384:
		return crypto.SHA384, true
	case x509.SHA512WithRSA, x509.SHA512WithRSAPSS, x509.ECDSAWithSHA512:
		return crypto.SHA512, true
	}
	return 0, false
}
