package exchange

// Past is an Input of the rows of several epochs with the watermarks that came between them, as a back-fill has it. What judges rows of several
// leaves by the lowest of their watermarks, as windows over a union do, must see the items of all of them in the order of the epochs: a
// task reads what it has of the past from all of its leaves by turns, the earliest item first.
type Past interface {
	Input
	// Past reports whether it may have watermarks.
	Past() bool
}

// IsPast reports whether an input is one with watermarks.
func IsPast(in Input) bool {
	p, ok := in.(Past)
	return ok && p.Past()
}

// Before reports whether an item is read before one of another feed: that of an earlier epoch, and of one epoch its rows before what they make
// of the watermark. An end is read at once.
func (x Item) Before(y Item) bool {
	if x.Epoch != y.Epoch {
		return x.Epoch < y.Epoch
	}
	return x.Batch != nil && y.Batch == nil
}

// InOrder reads inputs, earliest items first, and calls f with each item and the index of its input.
func InOrder(inputs []Input, f func(i int, item Item) error) error {
	feeds, heads := make([]Feed, 0, len(inputs)), make([]Item, len(inputs))
	defer func() {
		for _, x := range feeds {
			if x != nil {
				x.Close()
			}
		}
	}()
	for i, in := range inputs {
		x, err := in.Open()
		if err != nil {
			return err
		}
		feeds = append(feeds, x)
		if heads[i], err = x.Next(); err != nil {
			return err
		}
	}
	for {
		first := -1
		for i := range heads {
			if feeds[i] != nil && (first < 0 || heads[i].Before(heads[first])) {
				first = i
			}
		}
		if first < 0 {
			return nil
		}
		if heads[first] == NoItem {
			feeds[first].Close()
			feeds[first] = nil
			continue
		}
		if err := f(first, heads[first]); err != nil {
			return err
		}
		var err error
		if heads[first], err = feeds[first].Next(); err != nil {
			return err
		}
	}
}
