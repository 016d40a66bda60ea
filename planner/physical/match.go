package physical

import "github.com/streamdb/streamdb/sql/types"

// Match is row pattern recognition (SQL:2016's MATCH_RECOGNIZE). Each partition is put in order, rows that tie by all columns of the
// row, and searched for sequences of neighbouring rows to which variables can be given so that the pattern takes the variables and
// each variable's condition is true of its row. Of the matches that begin at the first row where any does, the one is taken that
// the pattern prefers; the search goes on where Skip says. The output has the columns of PartitionBy, then the measures: a row for
// each match.
//
// With Watermark, rows behind the watermark are settled: rows that come for there are late and left out. What settled rows
// alone decide is never taken back, and the rows that no later match can contain are freed. EmitOnClose gives only that.
type Match struct {
	PartitionBy []int
	OrderBy     []SortKey
	// AllRows gives a row for each row of a match: the input's columns, then the measures. A match without rows gives the one that it
	// begins at, unless OmitEmpty.
	AllRows   bool `json:",omitempty"`
	OmitEmpty bool `json:",omitempty"`
	// Variables are the pattern variables' names, by number.
	Variables []string
	Pattern   Pattern
	Skip      MatchSkip `json:",omitempty"`
	// SkipTo are the variables of SkipToFirst and SkipToLast.
	SkipTo []int `json:",omitempty"`
	// Within is the longest time, in microseconds, from the first row of a match to its last, both by the first column of
	// OrderBy; NoWithin for any.
	Within int64
	// Slots are what conditions and measures read: column i of their expressions is slot i.
	Slots []MatchSlot `json:",omitempty"`
	// Define are the conditions by variable; none is true of any row.
	Define   []Expr
	Measures []Expr `json:",omitempty"`
	// Watermark says that the first column of OrderBy carries a watermark by which rows settle; the input is append-only then.
	Watermark   bool `json:",omitempty"`
	EmitOnClose bool `json:",omitempty"`
}

// Kind implements Op.
func (*Match) Kind() string { return "Match" }

// NoWithin is the Within of a match that may last for any time.
const NoWithin = -1

// MatchSkip is where the search goes on behind a match. Behind one without rows it is always the next row.
type MatchSkip string

// Where the search goes on.
const (
	SkipPastLastRow MatchSkip = ""
	SkipToNextRow   MatchSkip = "next row"
	// SkipToFirst and SkipToLast are the first and last row of one of the variables SkipTo. That there is none, or that it is
	// the first row of the match, is an error of the match (2202K and 2202L).
	SkipToFirst MatchSkip = "first"
	SkipToLast  MatchSkip = "last"
)

// MatchSlotKind is what a slot is.
type MatchSlotKind string

// The kinds of slots. All but SlotNumber and SlotAggregate belong to a row that a navigation finds: the last of the rows of Of that
// have been matched (or the first), Offset rows of Of before it (behind it), and Shift rows of the partition from there, which
// may leave the match. Where there is no such row they are null, and SlotExists is false.
const (
	// SlotColumn is the value of Column.
	SlotColumn MatchSlotKind = "column"
	SlotExists MatchSlotKind = "exists"
	// SlotClassifier is the name of the row's variable; null outside of the match.
	SlotClassifier MatchSlotKind = "classifier"
	// SlotNumber is the match's number in its partition, from 1.
	SlotNumber MatchSlotKind = "number"
	// SlotAggregate is an aggregate over the rows of Of that have been matched.
	SlotAggregate MatchSlotKind = "aggregate"
)

// MatchSlot is a value that conditions and measures read. To a condition the row at hand is the last that has been matched, and to a measure
// the row that is given, or with Final, and if a match gives one row, the last of the match.
type MatchSlot struct {
	Kind  MatchSlotKind
	Type  types.Type
	Final bool `json:",omitempty"`
	// Of are variables by number; empty means all rows.
	Of     []int `json:",omitempty"`
	First  bool  `json:",omitempty"`
	Offset int   `json:",omitempty"`
	Shift  int   `json:",omitempty"`
	Column int   `json:",omitempty"`
	// Name and ArgTypes name an aggregate (fn.FindAggregate), Args are its arguments over the input's columns.
	Name     string       `json:",omitempty"`
	ArgTypes []types.Type `json:",omitempty"`
	Args     []Expr       `json:",omitempty"`
}

// PatternKind is what a Pattern is.
type PatternKind string

// The kinds of pattern.
const (
	PatternVariable PatternKind = "variable"
	// PatternSequence is its items one after another; without items it takes no row.
	PatternSequence PatternKind = "sequence"
	// PatternAlternation is one of its items, an earlier one preferred.
	PatternAlternation PatternKind = "alternation"
	// PatternRepeat is its one item, Min to Max times (Max < 0: any number), more preferred unless Reluctant. Where Max is none, a
	// repetition without rows is the last.
	PatternRepeat PatternKind = "repeat"
)

// Pattern is a regular expression over variables.
type Pattern struct {
	Kind      PatternKind
	Variable  int       `json:",omitempty"`
	Items     []Pattern `json:",omitempty"`
	Min       int       `json:",omitempty"`
	Max       int       `json:",omitempty"`
	Reluctant bool      `json:",omitempty"`
}

// MaxPatternSize is the largest Size that is planned: each row is tried with as many states as that, at worst.
const MaxPatternSize = 2_000

// Size is how many states the pattern has with its repetitions written out; more than MaxPatternSize is given as some larger
// number.
func (p *Pattern) Size() int {
	if p.Kind == PatternVariable {
		return 1
	}
	n := 1
	for i := range p.Items {
		if n += p.Items[i].Size(); n > MaxPatternSize {
			return n
		}
	}
	if p.Kind == PatternRepeat {
		times := max(p.Min, p.Max, 1)
		if times > MaxPatternSize {
			return times
		}
		n *= times
	}
	return n
}
