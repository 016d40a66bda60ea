package plot

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOnePoint: what cannot be scaled is drawn all the same.
func TestOnePoint(t *testing.T) {
	for _, log := range []bool{false, true} {
		p := &Plot{Log: log, LogX: log, Series: []Series{{Points: []Point{{1, 0.5}}}}}
		require.NotContains(t, p.SVG(), "NaN")
		require.NotContains(t, p.SVG(), "Inf")
	}
}

// TestLogarithmicX: powers of ten have the same distance.
func TestLogarithmicX(t *testing.T) {
	p := &Plot{LogX: true, Series: []Series{{Points: []Point{{10, 1}, {100, 1}, {1000, 1}}}}}
	x, _ := p.axes()
	require.InDelta(t, x.at(100)-x.at(10), x.at(1000)-x.at(100), 1e-9)
	require.Equal(t, []float64{10, 100, 1000}, x.ticks())
}
