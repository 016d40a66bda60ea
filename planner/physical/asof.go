package physical

// Asof joins each left row with the one right row that is nearest to it in time: of the right rows with equal keys whose time is as
// Compare says, that with the greatest time for ">=" and ">", and the least for "<=" and "<". Of several with that time it is the first by
// all right columns in their order, ascending, nulls last. A row with a null time, or a null key that matches nothing, has none.
type Asof struct {
	// Outer keeps left rows without a right one, with nulls.
	Outer bool `json:",omitempty"`
	// Compare stands between the left and the right time, which have one type: ">=", ">", "<=" or "<".
	Compare             string
	LeftTime, RightTime int
	LeftKeys, RightKeys []int
	// NullsEqual says, key by key, that null matches null.
	NullsEqual []bool
	// Output are the columns (left, then right) that the output has.
	Output []int
	// Frees says that both times have a watermark, that late rows have been left out below, and that Compare is ">=" or ">": a left row is
	// done with once the right watermark has reached it, and so is a right row that will be nearest to no left row any more.
	Frees bool `json:",omitempty"`
	// OnClose gives a left row when it is done with, so that no output is revised. It goes with Frees, and append-only inputs.
	OnClose bool `json:",omitempty"`
}

// Kind implements Op.
func (*Asof) Kind() string { return "Asof" }
