package ast

// query visits what a part of a query has below it and reports whether it knows
// the part.
func (c children) query(n Node) bool {
	switch x := n.(type) {
	case *Select:
		c.add(x.With, x.Body)
		addAll(c, x.OrderBy)
		c.add(x.Limit, x.Offset)
	case *SelectCore:
		addAll(c, x.DistinctOn)
		addAll(c, x.Targets)
		addAll(c, x.From)
		c.add(x.Where)
		addAll(c, x.GroupBy)
		c.add(x.Having)
		addAll(c, x.Windows)
	case *SetOp:
		addAll(c, x.Inputs)
	case *Values:
		for _, row := range x.Rows {
			addAll(c, row)
		}
	case *Target:
		c.add(x.Expr)
	case *OrderItem:
		c.add(x.Expr)
	case *With:
		addAll(c, x.CTEs)
	case *CTE:
		c.add(x.Statement)
	case *WindowDef:
		addAll(c, x.PartitionBy)
		addAll(c, x.OrderBy)
		if x.Frame != nil {
			c.add(x.Frame.Start.Offset, x.Frame.End.Offset)
		}
	case *TableSample:
		addAll(c, x.Args)
		c.add(x.Seed)
	case *TypeName:
		addAll(c, x.Mods)
	default:
		return false
	}
	return true
}

// statement visits what a statement, or a part of one, has below it.
func (c children) statement(n Node) {
	switch x := n.(type) {
	case *Insert:
		c.add(x.With)
		addAll(c, x.Columns)
		c.add(x.Source, x.OnConflict)
		addAll(c, x.Returning)
	case *OnConflict:
		addAll(c, x.Elems)
		c.add(x.ElemsWhere)
		addAll(c, x.DoUpdate)
		c.add(x.Where)
	case *Update:
		c.add(x.With, x.Table)
		addAll(c, x.Set)
		addAll(c, x.From)
		c.add(x.Where)
		addAll(c, x.Returning)
	case *Delete:
		c.add(x.With, x.Table)
		addAll(c, x.Using)
		c.add(x.Where)
		addAll(c, x.Returning)
	case *InsertColumn:
		c.add(x.Path)
	case *Assignment:
		addAll(c, x.Columns)
		c.add(x.Value)
	case *IndexElem:
		c.add(x.Expr)
	case *Truncate:
		addAll(c, x.Tables)
	case *Copy:
		c.add(x.Query, x.Where)
	case *Lock:
		addAll(c, x.Tables)
	case *Explain:
		c.add(x.Statement)
	case *Subscribe:
		c.add(x.Query, x.AsOf)
	case *DeclareCursor:
		c.add(x.Query)
	case *Prepare:
		addAll(c, x.Types)
		c.add(x.Statement)
	case *Execute:
		addAll(c, x.Args)
	case *AlterRole:
		c.add(x.Setting)
	default:
		c.definition(n)
	}
}

// definition visits what a statement that defines objects has below it.
func (c children) definition(n Node) {
	switch x := n.(type) {
	case *CreateTable:
		addAll(c, x.Columns)
		addAll(c, x.Constraints)
		addAll(c, x.Watermarks)
	case *ColumnDef:
		c.add(x.Type)
		addAll(c, x.Constraints)
	case *Constraint:
		c.add(x.Expr)
	case *Watermark:
		c.add(x.Expr)
	case *CreateView:
		c.add(x.Query)
	case *CreateTableAs:
		c.add(x.Query)
	case *CreateSink:
		c.add(x.Query)
	case *CreateIndex:
		addAll(c, x.Elems)
		c.add(x.Where)
	case *Alter:
		addAll(c, x.Actions)
	case *AddColumn:
		c.add(x.Def)
	case *AlterColumn:
		c.add(x.Default, x.Type, x.Using)
	case *AddConstraint:
		c.add(x.Constraint)
	}
}
