package physical

// Expiry shows a row for a length of time after it has come. A row comes at a cut that adds copies of it: each copy goes when the recorded
// time of the cut's epoch is After past. A cut that takes copies back takes those that are shown, the one that came first first; where none is
// shown it changes nothing. What a cut adds and takes back of one row cancels, and is no change.
//
// So the output follows from the changes of each cut, and not of the sum of several alone: whoever runs it cuts at each epoch that changes
// its input.
type Expiry struct {
	// After is a length of time in microseconds, above zero.
	After int64
	// Keys are the columns by whose hash rows are divided among tasks, which are those of a key, or all.
	Keys []int
	// AppendOnly says that no row of the input is ever taken back.
	AppendOnly bool
}

// Kind implements Op.
func (*Expiry) Kind() string { return "Expiry" }
