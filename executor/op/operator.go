package op

import (
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// NoWatermark is the watermark before any row: nothing is complete. EndOfTime is the watermark of a source that has ended:
// everything is, and every window closes.
const (
	NoWatermark = -1 << 63
	EndOfTime   = 1<<63 - 1
)

// Operator is one operator of a task (see the package comment for the order of calls). Ports count its inputs from 0.
type Operator interface {
	// Open gives the operator its surroundings. It may emit nothing.
	Open(ctx *Context) error
	// Push takes a batch of one input.
	Push(port int, b *vec.Batch, out Output) error
	// Watermark says that all rows of the port with event time before t (microseconds since 1970) have come. It only rises.
	Watermark(port int, t int64, out Output) error
	// EndStep ends a step: all inputs have come to the cut.
	EndStep(out Output) error
	// Close frees what the operator holds.
	Close()
}

// Stateful is an operator with state that outlives a step.
type Stateful interface {
	Operator
	// State are the operator's states, in a fixed order; their number and schemas depend on the plan node alone.
	State() []State
}

// Prompt is an operator with state whose output may be final in Push. If it is, its watermark goes on at once. The watermark of
// any other operator with state waits for the cut, as it must not overtake the rows that come out there.
type Prompt interface {
	Operator
	// Prompt reports whether everything that can come of the rows so far is out.
	Prompt() bool
}

// Epochal is an operator that goes by epochs: what it gives for the rows of one depends on no later one, even if one step has both.
type Epochal interface {
	Operator
	// EndEpoch ends an epoch inside of a step: all inputs have come to its end. The last epoch of a step ends with EndStep alone.
	EndEpoch(out Output) error
}

// Clocked is an operator whose output changes as time passes: at a cut it follows from its input and Context.Time, which only rises.
type Clocked interface {
	Operator
	// Due is the time at which the clock alone changes the output next, as of the last cut; EndOfTime for never.
	Due() int64
}

// Output takes what an operator emits: the next operator's Push, an exchange, a result.
type Output interface {
	// Batch takes a batch; it is the emitter's again when it returns. ErrDone says that no more is wanted.
	Batch(b *vec.Batch) error
	// Watermark passes the event-time watermark on.
	Watermark(t int64) error
}

// State is one arrangement of an operator: what drivers need to freeze, restore and move it. *state.Hashed and
// *state.Ordered are states.
type State interface {
	Freeze() *state.Version
	OpenManifest(manifest []byte) (*state.Version, error)
	DetachGroup(group int) (*state.Group, error)
	AttachGroup(g *state.Group) error
	Bytes() int64
	Evict(want int64) int64
	Release()
}
