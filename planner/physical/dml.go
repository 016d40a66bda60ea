package physical

// The bound data-changing statements: plain data that executor/txn runs. Rows of the target are always whole rows, with
// the relation's columns in their order.

// Check is a CHECK constraint, bound over the target's row. It is violated (23514) where it is false.
type Check struct {
	Name string
	Expr Expr
}

// Target is the relation that a statement changes.
type Target struct {
	Relation uint32
	Name     string
	// Checks are its CHECK constraints. NOT NULL and keys are the catalog's.
	Checks []Check
	// Width is how many columns it had when the statement was planned; 0 is not known. ALTER may have added some since.
	Width int
}

// Insert is INSERT, and what each row of COPY FROM goes through.
type Insert struct {
	Target Target
	// Source gives the rows; nil for COPY, which brings its own of the types Input of Copy.
	Source *Plan
	// Row makes the target's row from a row of the source: casts, defaults, identities. It may be volatile: it is evaluated once a row.
	Row []Expr
	// Conflict is the ON CONFLICT clause, nil for none.
	Conflict *Conflict
	// Returning is over the row that was stored; nil for none.
	Returning []Expr
}

// Conflict is ON CONFLICT.
type Conflict struct {
	// Arbiters are indices into the relation's Keys: a violation of one of them is a conflict, of another an error (23505). DO NOTHING
	// without a target has all of them.
	Arbiters []int
	// Update makes the new row, over the existing row and then the row proposed for insertion (excluded); nil for DO NOTHING. A second
	// update of one row by one statement is 21000.
	Update []Expr
	// Where, over the same columns, keeps the existing row untouched where it is not true.
	Where Expr
}

// Update is UPDATE.
type Update struct {
	Target Target
	// Source gives each row to change, whole and first, then whatever the new values need. A row comes once for each time it is in the
	// table: UPDATE … FROM has been reduced to one match.
	Source *Plan
	// Row makes the new row from the source's.
	Row []Expr
	// Returning is over the new row and then the whole row of the source; nil for none.
	Returning []Expr
}

// Delete is DELETE.
type Delete struct {
	Target Target
	// Source gives each row to delete, whole and first, then whatever Returning needs.
	Source *Plan
	// Returning is over the source's columns; nil for none.
	Returning []Expr
}

// Copy is COPY FROM into a relation.
type Copy struct {
	Insert
	// Columns are the target's columns that the data has, in its order; the types of the data's fields are theirs.
	Columns []int
	// Where keeps the rows, as the target has them, for which it is true; none keeps all.
	Where Expr
}
