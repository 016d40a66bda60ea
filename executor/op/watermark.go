package op

// LowWatermark merges the watermarks of several inputs: together they are as complete as the least complete one.
type LowWatermark struct {
	ports []int64
	low   int64
}

// NewLowWatermark makes one for so many inputs.
func NewLowWatermark(inputs int) LowWatermark {
	w := LowWatermark{ports: make([]int64, inputs), low: NoWatermark}
	for i := range w.ports {
		w.ports[i] = NoWatermark
	}
	return w
}

// Update moves one input's watermark and gives the lowest of all; moved says that it has risen.
func (w *LowWatermark) Update(port int, t int64) (low int64, moved bool) {
	w.ports[port] = max(w.ports[port], t)
	low = w.ports[0]
	for _, p := range w.ports[1:] {
		low = min(low, p)
	}
	moved = low > w.low
	w.low = max(w.low, low)
	return w.low, moved
}

// Low is the lowest watermark.
func (w *LowWatermark) Low() int64 { return w.low }
