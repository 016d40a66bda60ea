package physical

// Filter keeps the rows for which Pred is true.
type Filter struct {
	Pred Expr
}

// Kind implements Op.
func (*Filter) Kind() string { return "Filter" }

// Project computes its columns from each row. A plain column reference costs nothing.
type Project struct {
	Exprs []Expr
}

// Kind implements Op.
func (*Project) Kind() string { return "Project" }

// Union is the bag union of its inputs (UNION ALL), whose columns have the same types.
type Union struct{}

// Kind implements Op.
func (*Union) Kind() string { return "Union" }

// MaxOneRow fails (21000, "more than one row returned by a subquery used as an expression") if, at a cut, two rows share
// the Keys; else the output is the input. Without keys there may be one row in all.
type MaxOneRow struct {
	Keys []int
}

// Kind implements Op.
func (*MaxOneRow) Kind() string { return "MaxOneRow" }
