package ast

// MatchRecognize is SQL:2016's row pattern recognition over a FROM item:
//
//	Input MATCH_RECOGNIZE (
//	  [PARTITION BY …] ORDER BY … [MEASURES …] [ONE ROW PER MATCH | ALL ROWS PER MATCH …] [AFTER MATCH SKIP …]
//	  PATTERN (…) [WITHIN …] [SUBSET …] DEFINE … ) [AS alias]
type MatchRecognize struct {
	Pos         int
	Input       TableExpr
	PartitionBy []Expr
	OrderBy     []*OrderItem
	Measures    []*MatchMeasure
	Rows        MatchRows
	// Skip is where the search goes on behind a match.
	Skip    MatchSkip
	Pattern *Pattern
	// Within is the longest time between the first and the last row of a match, nil for any.
	Within  Expr
	Subsets []*MatchSubset
	Define  []*MatchDefine
	Alias   *Alias
}

// MatchMeasure is Expr AS Name of MEASURES.
type MatchMeasure struct {
	Expr Expr
	Name Ident
}

// MatchSubset is Name = (Of) of SUBSET: a name for the rows of several variables.
type MatchSubset struct {
	Name Ident
	Of   []Ident
}

// MatchDefine is Name AS Cond of DEFINE.
type MatchDefine struct {
	Name Ident
	Cond Expr
}

// MatchRows is ROWS PER MATCH, with its place.
type MatchRows struct {
	Pos  int
	Kind MatchRowsKind
}

// MatchRowsKind is what a match gives rows for.
type MatchRowsKind uint8

// The clauses ROWS PER MATCH.
const (
	OneRowPerMatch MatchRowsKind = iota
	AllRowsShowEmpty
	AllRowsOmitEmpty
	AllRowsWithUnmatched
)

// String is the clause in SQL.
func (r MatchRowsKind) String() string {
	return [...]string{"ONE ROW PER MATCH", "ALL ROWS PER MATCH", "ALL ROWS PER MATCH OMIT EMPTY MATCHES",
		"ALL ROWS PER MATCH WITH UNMATCHED ROWS"}[r]
}

// MatchSkipKind is where the search goes on behind a match.
type MatchSkipKind uint8

// The clauses AFTER MATCH SKIP.
const (
	SkipPastLastRow MatchSkipKind = iota
	SkipToNextRow
	SkipToFirst
	// SkipToLast is also plain SKIP TO variable.
	SkipToLast
)

// MatchSkip is AFTER MATCH SKIP; Variable is that of TO FIRST and TO LAST.
type MatchSkip struct {
	Kind     MatchSkipKind
	Variable Ident
}

// PatternKind is what a Pattern is made of.
type PatternKind uint8

// The kinds of pattern.
const (
	// PatternVariable is a variable, by Name.
	PatternVariable PatternKind = iota
	// PatternSequence is its items one after another; without items the empty pattern ().
	PatternSequence
	// PatternAlternation is one of its items, the first that can be.
	PatternAlternation
	// PatternPermutation is PERMUTE: its items in any order.
	PatternPermutation
	// PatternExclusion is {- item -}.
	PatternExclusion
	// PatternStart is ^, PatternEnd is $.
	PatternStart
	PatternEnd
)

// Pattern is a part of PATTERN: a regular expression over variables. It is no Node, as no expression is in it.
type Pattern struct {
	Pos   int
	Kind  PatternKind
	Name  string
	Items []*Pattern
	// Repeat is its quantifier, nil for none.
	Repeat *Quantifier
}

// Quantifier says how often a pattern comes: *, +, ?, {n}, {n,}, {n,m}, {,m}, and each with ? behind it.
type Quantifier struct {
	Pos int
	// Max is NoMax for any number.
	Min, Max int
	// Reluctant prefers few repetitions.
	Reluctant bool
}

// NoMax is the Max of a quantifier without upper bound.
const NoMax = -1

// MatchSemantics says from which rows of a match a function in MEASURES is computed.
type MatchSemantics uint8

// The words before a function in MEASURES.
const (
	SemanticsDefault MatchSemantics = iota
	// SemanticsRunning is RUNNING: from the rows up to the one at hand.
	SemanticsRunning
	// SemanticsFinal is FINAL: from all rows of the match.
	SemanticsFinal
)

// Position implements Node.
func (t *MatchRecognize) Position() int { return t.Pos }

func (*MatchRecognize) tableExpr() {}
