package vec

import "slices"

// Padding is what rows have in columns that their relation was given after they were written. Rows are stored as they were, and
// read with the values that the columns had when they were added.
type Padding struct {
	// Width is how many columns rows have now.
	Width int
	// Added are the values of the last of them, each a constant.
	Added []*Vector
}

// Narrow is how many columns the oldest rows have. A nil Padding has no opinion: -1.
func (p *Padding) Narrow() int {
	if p == nil {
		return -1
	}
	return p.Width - len(p.Added)
}

// Pad is b with all the columns: b itself if it has them. Its columns are shared, and b is not written to.
func (p *Padding) Pad(b *Batch) *Batch {
	if p == nil || len(b.Cols) >= p.Width {
		return b
	}
	out := *b
	out.Cols = slices.Clip(b.Cols)
	for _, v := range p.Added[len(p.Added)-(p.Width-len(b.Cols)):] {
		out.Cols = append(out.Cols, v.Flatten(b.N))
	}
	return &out
}
