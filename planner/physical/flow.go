package physical

// ExchangeKind is where an Exchange sends a row.
type ExchangeKind string

// The kinds of exchange.
const (
	HashExchange      ExchangeKind = "hash"
	SingleExchange    ExchangeKind = "single"
	BroadcastExchange ExchangeKind = "broadcast"
	// ForwardExchange leaves a row in the task of the same number: it only ends a stage, where stages would read each other.
	ForwardExchange ExchangeKind = "forward"
)

// Exchange repartitions its input over tasks; it is the border between two stages. A plan for one task has none.
type Exchange struct {
	Exchange ExchangeKind
	// Keys are the columns whose hash chooses the key group (HashExchange).
	Keys []int
}

// Kind implements Op.
func (*Exchange) Kind() string { return "Exchange" }

// Root says what the plan's result is to the outside. Its columns are its input's.
type Root struct {
	// Names are the columns' names as the client or the view has them.
	Names []string
	// Key are columns that identify a row, if some were proved: a view serves reads by it. nil if none was, empty if there is at
	// most one row.
	Key []int
	// HasKey tells an empty Key from none.
	HasKey bool `json:",omitempty"`
	// Hidden is how many of the last columns are not the user's: they order the result or complete the key.
	Hidden int `json:",omitempty"`
	// OrderBy is the order in which a SELECT's rows are handed to the client; empty for a view.
	OrderBy []SortKey `json:",omitempty"`
	// EmitOnClose says that the view shows a window when it has closed.
	EmitOnClose bool `json:",omitempty"`
}

// Kind implements Op.
func (*Root) Kind() string { return "Root" }
