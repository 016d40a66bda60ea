package expr

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// compile makes the step of n.
func compile(n Node) (step, error) {
	switch n := n.(type) {
	case *Column:
		return &columnStep{n.Index}, nil
	case *Const:
		return newConstStep(n), nil
	case *Param:
		return &paramStep{index: n.Index, typ: n.Typ}, nil
	case *ArrayCtor:
		return compileArray(n)
	case *InList:
		return compileInList(n)
	case *ScalarArray:
		return compileScalarArray(n)
	case *IsDistinct:
		return compileDistinct(n)
	}
	args, err := compileAll(operands(n))
	if err != nil {
		return nil, err
	}
	switch n := n.(type) {
	case *And:
		return &connective{args: args, decides: 0}, nil
	case *Or:
		return &connective{args: args, decides: 1}, nil
	case *Not:
		return &notStep{arg: args[0]}, nil
	case *Test:
		return &testStep{arg: args[0], kind: n.Kind, not: n.Not}, nil
	case *Case:
		return &caseStep{typ: n.Typ, args: args}, nil
	case *Coalesce:
		return &coalesceStep{typ: n.Typ, args: args}, nil
	case *Extreme:
		return &extremeStep{typ: n.Typ, args: args, least: n.Least}, nil
	case *Call:
		return compileCall(n, args)
	case *Cast:
		return compileCast(n, args[0])
	case *RowCtor:
		return newRowStep(n, args), nil
	}
	return nil, sqlerr.Internal("expression node %T reached execution", n)
}

// operands are n's children, with runs of equalities made set look-ups.
func operands(n Node) []Node {
	switch n := n.(type) {
	case *And:
		return mergeEqualities(n.Args, "<>", true)
	case *Or:
		return mergeEqualities(n.Args, "=", false)
	}
	return n.Children()
}

func compileAll(nodes []Node) ([]step, error) {
	steps := make([]step, len(nodes))
	var err error
	for i, n := range nodes {
		if steps[i], err = compile(n); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

func compileCall(n *Call, args []step) (step, error) {
	if n.Fn.Kernel == nil {
		return nil, sqlerr.Unsupported("the set-returning function "+n.Fn.Name+" here", "Call it in FROM.")
	}
	switch {
	case n.Fn.Variadic && n.Spread && n.Fn.Args[len(n.Fn.Args)-1].ID == types.Any:
		return newSpreadStep(n, args), nil
	case n.Fn.Variadic && !n.Spread:
		return packVariadic(n, args), nil
	}
	return newCallStep(n.Fn, n.Typ, args), nil
}

func compileCast(n *Cast, arg step) (step, error) {
	c, err := fn.CastFunc(n.Arg.Type(), n.To, n.Explicit)
	if err != nil {
		return nil, err
	}
	if c == nil {
		return &relabelStep{arg: arg, typ: n.To}, nil
	}
	return newCallStep(c, n.To, []step{arg}), nil
}

// packVariadic makes the elements of a variadic call one array, unless the kernel takes elements of any type one by one
// (concat, format, …: VARIADIC "any").
func packVariadic(n *Call, args []step) step {
	last := len(n.Fn.Args) - 1
	if n.Fn.Args[last].ID == types.Any {
		return newCallStep(n.Fn, n.Typ, args)
	}
	elem := n.Fn.Args[last].Elem()
	if n.Fn.Args[last].ID == types.AnyArray && len(n.Args) > last {
		elem = n.Args[last].Type().Plain()
	}
	pack := newArrayStep(types.ArrayOf(elem), args[last:], false)
	return newCallStep(n.Fn, n.Typ, append(args[:last:last], pack))
}
