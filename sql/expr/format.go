package expr

import (
	"fmt"
	"strings"

	"github.com/streamdb/streamdb/sql/types"
)

// The texts are SQL-like rather than SQL: operators are always in parentheses where they are operands, so that a reader
// of EXPLAIN never has to know precedences.

// String implements Node.
func (c *Column) String() string {
	if c.Name != "" {
		return c.Name
	}
	return fmt.Sprintf("#%d", c.Index)
}

// String implements Node.
func (c *Const) String() string {
	if c.Value.Null {
		return "NULL"
	}
	text := types.String(c.Typ, c.Value)
	switch c.Typ.ID {
	case types.Bool, types.Int2, types.Int4, types.Int8, types.Float4, types.Float8, types.Numeric:
		if !c.Typ.Array {
			return text
		}
	}
	return quote(text)
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// String implements Node.
func (p *Param) String() string { return fmt.Sprintf("$%d", p.Index+1) }

// String implements Node.
func (a *And) String() string { return infix(" AND ", a.Args) }

// String implements Node.
func (o *Or) String() string { return infix(" OR ", o.Args) }

// String implements Node.
func (n *Not) String() string { return "NOT " + operand(n.Arg) }

// String implements Node.
func (t *Test) String() string {
	not := ""
	if t.Not {
		not = "NOT "
	}
	return operand(t.Arg) + " IS " + not + [...]string{"NULL", "TRUE", "FALSE"}[t.Kind]
}

// String implements Node.
func (d *IsDistinct) String() string {
	if d.Not {
		return infix(" IS NOT DISTINCT FROM ", d.Children())
	}
	return infix(" IS DISTINCT FROM ", d.Children())
}

// String implements Node.
func (c *Case) String() string {
	var b strings.Builder
	b.WriteString("CASE")
	for _, w := range c.Whens() {
		b.WriteString(" WHEN " + w.Cond.String() + " THEN " + w.Result.String())
	}
	if k, ok := c.Else().(*Const); !ok || !k.Value.Null {
		b.WriteString(" ELSE " + c.Else().String())
	}
	return b.String() + " END"
}

// String implements Node.
func (c *Coalesce) String() string { return "COALESCE(" + list(c.Args) + ")" }

// String implements Node.
func (e *Extreme) String() string {
	if e.Least {
		return "LEAST(" + list(e.Args) + ")"
	}
	return "GREATEST(" + list(e.Args) + ")"
}

// String implements Node.
func (c *Call) String() string {
	switch {
	case !isOperator(c.Fn.Name):
		if c.Spread {
			last := len(c.Args) - 1
			return c.Fn.Name + "(" + strings.TrimPrefix(list(c.Args[:last])+", ", ", ") + "VARIADIC " + c.Args[last].String() + ")"
		}
		return c.Fn.Name + "(" + list(c.Args) + ")"
	case c.Fn.Name == "[]":
		return operand(c.Args[0]) + "[" + list(c.Args[1:]) + "]"
	case len(c.Args) == 1:
		return c.Fn.Name + operand(c.Args[0])
	}
	return infix(" "+c.Fn.Name+" ", c.Args)
}

// String implements Node.
func (c *Cast) String() string { return operand(c.Arg) + "::" + types.Format(c.To) }

// String implements Node.
func (l *InList) String() string {
	if l.Not {
		return operand(l.Arg()) + " NOT IN (" + list(l.List()) + ")"
	}
	return operand(l.Arg()) + " IN (" + list(l.List()) + ")"
}

// String implements Node.
func (s *ScalarArray) String() string {
	quantifier := " ANY ("
	if s.All {
		quantifier = " ALL ("
	}
	return operand(s.Left) + " " + s.Fn.Name + quantifier + s.Right.String() + ")"
}

// String implements Node.
func (a *ArrayCtor) String() string { return "ARRAY[" + list(a.Elems) + "]" }

// String implements Node.
func (r *RowCtor) String() string { return "ROW(" + list(r.Fields) + ")" }

// isOperator tells an operator's name from a function's.
func isOperator(name string) bool {
	return name != "" && strings.ContainsRune("+-*/<>=~!@#%^&|`?[", rune(name[0]))
}

func list(nodes []Node) string {
	var b strings.Builder
	for i, n := range nodes {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(n.String())
	}
	return b.String()
}

func infix(op string, nodes []Node) string {
	var b strings.Builder
	for i, n := range nodes {
		if i > 0 {
			b.WriteString(op)
		}
		b.WriteString(operand(n))
	}
	return b.String()
}

// operand is n's text, in parentheses unless it cannot be taken apart.
func operand(n Node) string {
	switch n := n.(type) {
	case *And, *Or, *Not, *Test, *IsDistinct, *InList, *ScalarArray:
		return "(" + n.String() + ")"
	case *Call:
		if isOperator(n.Fn.Name) && n.Fn.Name != "[]" {
			return "(" + n.String() + ")"
		}
	}
	return n.String()
}
