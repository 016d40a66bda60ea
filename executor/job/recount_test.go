package job

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCollapse(t *testing.T) {
	list := []mark{{2, 10}, {5, 20}, {6, 30}, {9, 40}}
	require.Equal(t, list, collapse(list, 0))
	require.Equal(t, list, collapse(list, 1))
	require.Equal(t, []mark{{5, 20}, {6, 30}, {9, 40}}, collapse(list, 5))
	require.Equal(t, []mark{{8, 30}, {9, 40}}, collapse(list, 8), "rows of epochs up to the last come before the mark")
	require.Equal(t, []mark{{20, 40}}, collapse(list, 20))
	require.Empty(t, collapse(nil, 20))
	require.Equal(t, []mark{{2, 10}, {5, 20}, {6, 30}, {9, 40}}, list, "the list is not changed")
}

func TestNewestRecount(t *testing.T) {
	r := recounts{epochs: []uint64{3, 7, 9}}
	require.Equal(t, []uint64{0, 3, 3, 7, 9}, []uint64{r.upTo(2), r.upTo(3), r.upTo(6), r.upTo(8), r.upTo(100)})
	require.Equal(t, uint64(9), r.last())
	require.Zero(t, (&recounts{}).last())
}
