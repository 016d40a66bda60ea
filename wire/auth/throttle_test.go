package auth

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestThrottle(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	th := NewThrottle(func() time.Time { return now })
	guesser, mapped := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("::ffff:192.0.2.1")
	other, local := netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("127.0.0.1")
	for range maxFailures - 1 {
		th.Failed(guesser)
		th.Failed(local)
		require.Zero(t, th.Banned(guesser))
	}
	th.Failed(local)
	th.Failed(mapped)
	require.Equal(t, banTime, th.Banned(guesser))
	require.Zero(t, th.Banned(other))
	require.Zero(t, th.Banned(local), "this host is never kept out")
	now = now.Add(banTime)
	require.Zero(t, th.Banned(guesser))

	// Failures far apart are not a guesser's.
	for range 2 * maxFailures {
		th.Failed(other)
		now = now.Add(failureWindow + time.Second)
	}
	require.Zero(t, th.Banned(other))
}

func TestThrottleBounded(t *testing.T) {
	th := NewThrottle(time.Now)
	for i := range maxTracked + 100 {
		th.Failed(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	require.LessOrEqual(t, len(th.hosts), maxTracked)
}
