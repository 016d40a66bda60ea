package ast

// Inspect calls visit for n and all nodes below it, parents first. Where visit
// returns false, what is below the node is left out. A nil n is no node.
func Inspect(n Node, visit func(Node) bool) {
	if isNil(n) || !visit(n) {
		return
	}
	Children(n, func(child Node) { Inspect(child, visit) })
}

// Children calls visit for each node directly below n, in the order of the text.
// Of nodes without children, and of statements without expressions or queries,
// there are none.
func Children(n Node, visit func(Node)) {
	c := children{visit}
	if e, ok := n.(Expr); ok && c.expr(e) {
		return
	}
	if t, ok := n.(TableExpr); ok {
		c.table(t)
		return
	}
	if !c.query(n) {
		c.statement(n)
	}
}

// children visits the nodes that are there.
type children struct{ visit func(Node) }

// isNil reports whether n is no node: a nil interface, or a nil pointer to one
// of the kinds that are optional somewhere.
func isNil(n Node) bool {
	switch x := n.(type) {
	case nil:
		return true
	case *Select:
		return x == nil
	case *With:
		return x == nil
	case *OnConflict:
		return x == nil
	case *WindowDef:
		return x == nil
	case *TypeName:
		return x == nil
	case *ColumnRef:
		return x == nil
	case *TableSample:
		return x == nil
	}
	return false
}

func (c children) add(nodes ...Node) {
	for _, n := range nodes {
		if !isNil(n) {
			c.visit(n)
		}
	}
}

// addAll visits each element of a list.
func addAll[T Node](c children, list []T) {
	for _, n := range list {
		c.add(n)
	}
}

// expr visits what an expression has below it and reports whether it knows it.
func (c children) expr(e Expr) bool {
	switch x := e.(type) {
	case *Cast:
		c.add(x.Expr, x.Type)
	case *Collate:
		c.add(x.Expr)
	case *Subscript:
		c.add(x.Expr, x.Lower, x.Upper)
	case *Field:
		c.add(x.Expr)
	case *ArrayCtor:
		addAll(c, x.Elems)
	case *ArrayQuery:
		c.add(x.Query)
	case *Row:
		addAll(c, x.Items)
	case *Case:
		c.add(x.Operand)
		for _, w := range x.Whens {
			c.add(w.Cond, w.Result)
		}
		c.add(x.Else)
	case *Subquery:
		c.add(x.Query)
	case *Exists:
		c.add(x.Query)
	case *FuncCall:
		addAll(c, x.Args)
		addAll(c, x.OrderBy)
		addAll(c, x.WithinGroup)
		c.add(x.Filter, x.Over)
	case *NamedArg:
		c.add(x.Value)
	case *GroupingSet:
		addAll(c, x.Items)
	case *BinaryOp, *OpChain, *UnaryOp, *And, *Or, *Not, *IsNull, *IsBool, *IsDistinct, *IsDocument,
		*Between, *InList, *InSubquery, *Like, *Quantified, *Overlaps:
		c.operation(e)
	default:
		return false
	}
	return true
}

// operation visits the operands of an operator or predicate.
func (c children) operation(e Expr) {
	switch x := e.(type) {
	case *BinaryOp:
		c.add(x.Left, x.Right)
	case *OpChain:
		c.add(x.First)
		for _, link := range x.Rest {
			c.add(link.Arg)
		}
	case *UnaryOp:
		c.add(x.Expr)
	case *And:
		addAll(c, x.Args)
	case *Or:
		addAll(c, x.Args)
	case *Not:
		c.add(x.Expr)
	case *IsNull:
		c.add(x.Expr)
	case *IsBool:
		c.add(x.Expr)
	case *IsDistinct:
		c.add(x.Left, x.Right)
	case *IsDocument:
		c.add(x.Expr)
	case *Between:
		c.add(x.Expr, x.Low, x.High)
	case *InList:
		c.add(x.Expr)
		addAll(c, x.List)
	case *InSubquery:
		c.add(x.Expr, x.Query)
	case *Like:
		c.add(x.Expr, x.Pattern, x.Escape)
	case *Quantified:
		c.add(x.Left, x.Array, x.Query)
	case *Overlaps:
		c.add(x.Left, x.Right)
	}
}

// table visits what an item of FROM has below it.
func (c children) table(t TableExpr) {
	switch x := t.(type) {
	case *TableRef:
		c.add(x.AsOf, x.ForTime, x.Sample)
	case *SubqueryTable:
		c.add(x.Query)
	case *FuncTable:
		for _, call := range x.Calls {
			c.add(call.Call)
			addAll(c, call.Columns)
		}
		addAll(c, x.Columns)
	case *WindowTable:
		c.add(x.Input, x.Time, x.Step, x.Size, x.Offset)
		addAll(c, x.PartitionBy)
	case *MatchRecognize:
		c.matchRecognize(x)
	case *Join:
		c.add(x.Left, x.Right, x.Match, x.On)
	}
}

func (c children) matchRecognize(x *MatchRecognize) {
	c.add(x.Input)
	addAll(c, x.PartitionBy)
	addAll(c, x.OrderBy)
	for _, m := range x.Measures {
		c.add(m.Expr)
	}
	c.add(x.Within)
	for _, d := range x.Define {
		c.add(d.Cond)
	}
}
