package physical

// Stamp prepares rows for Session, while they still come in the order in which they were recorded: it appends the event time, in
// microseconds, that the watermark had reached when the row's epoch began, less the allowed lateness, as an int8 (Judge; else it is the
// watermark before all time), and leaves out rows whose time is null or infinite, which are counted as late. With Epochs it appends the row's
// epoch as well, an int8: one watermark may judge several.
//
// Sessions are found where all rows of a key meet. By then what comes from several tasks is mixed, so each row brings along by what it is
// to be judged.
type Stamp struct {
	Time   int
	Epochs bool `json:",omitempty"`
	Lateness
}

// Kind implements Op.
func (*Stamp) Kind() string { return "Stamp" }

// Session gives each row of its input, less what the Stamp below it has appended, the bounds of its session: window_start and
// window_end, of the time column's type. The rows of a partition, in the order of Time, are of one session as long as each comes less
// than Gap microseconds after the one before. A session begins with its first row and ends Gap after its last.
//
// With Closes a session is closed once the watermark has reached its end, and its state is freed. Rows that could only be of closed
// sessions are late; a row that belongs to a session that is open goes to that, whatever its time.
type Session struct {
	PartitionBy []int
	Time        int
	Gap         int64
	// Epochs says that the Stamp has it.
	Epochs     bool `json:",omitempty"`
	AppendOnly bool `json:",omitempty"`
	Closes     bool `json:",omitempty"`
	// ByClock says that sessions close as time passes, as in WindowAssign, so many microseconds after their end as lateness is Allowed.
	ByClock bool  `json:",omitempty"`
	Allowed int64 `json:",omitempty"`
	// EmitOnClose gives the rows of a session once, when it has closed.
	EmitOnClose bool `json:",omitempty"`
}

// Kind implements Op.
func (*Session) Kind() string { return "Session" }
