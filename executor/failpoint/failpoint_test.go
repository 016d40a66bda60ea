package failpoint

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// passes asks a place so many times and gives the counts of the faults.
func passes(s *Set, n int) (out []int) {
	for range n {
		out = append(out, s.Hit(Lose).Count)
	}
	return out
}

func TestRules(t *testing.T) {
	s := &Set{}
	require.Equal(t, []int{0, 0}, passes(s, 2), "nothing is armed")
	for _, c := range []struct {
		rule Rule
		want []int
	}{
		{Rule{}, []int{1, 1, 1, 1, 1}},
		{Rule{Every: 1}, []int{1, 1, 1, 1, 1}},
		{Rule{Every: 2}, []int{0, 1, 0, 1, 0}},
		{Rule{Times: 2}, []int{1, 1, 0, 0, 0}},
		{Rule{Every: 2, Times: 1}, []int{0, 1, 0, 0, 0}},
	} {
		c.rule.Count = 1
		s.Follow(Lose, c.rule)
		require.Equal(t, c.want, passes(s, 5), "%+v", c.rule)
	}
	require.Equal(t, 4*time.Second, Fault{Delay: time.Second, Slow: 3}.Stall(time.Second))
	s.Once(Lose, Fault{Count: 7})
	require.Equal(t, []int{7, 0}, passes(s, 2))
	s.Follow(Lose, Rule{Fault: Fault{Count: 1}})
	require.Zero(t, s.Hit(Task), "another place")
	s.Clear()
	require.Equal(t, []int{0}, passes(s, 1))
	require.Equal(t, []int{0}, passes(nil, 1))
}
