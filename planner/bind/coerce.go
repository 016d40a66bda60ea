package bind

import (
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// The contexts of conversions, each of which allows what those before it do.
const (
	implicitCast   = types.CastImplicit
	assignmentCast = types.CastAssignment
	explicitCast   = types.CastExplicit
)

func category(t types.Type) byte { return t.Category() }

// canCast reports whether values of one type can become another in a context.
func canCast(from, to types.Type, c types.CastContext) bool {
	switch {
	case from.Same(to), isUnknown(from):
		return true
	case to.ID == types.Any && !to.Array:
		return true
	case to.ID == types.AnyElement && !to.Array:
		return true
	case to.ID == types.AnyArray:
		return from.Array || from.ID == types.OIDVector || from.ID == types.Int2Vector
	}
	cast, ok := types.FindCast(from, to)
	return ok && cast.Context <= c
}

// coerce converts an expression to a type, or fails with PostgreSQL's message for the context.
func (b *binder) coerce(n expr.Node, t types.Type, c types.CastContext, pos int) expr.Node {
	from := n.Type()
	if from == t {
		return n
	}
	if isUnknown(from) {
		return b.coerceUnknown(n, t, c, pos)
	}
	if !canCast(from, t, c) {
		if c == explicitCast {
			fail(pos, sqlerr.CannotCoerce, "cannot cast type %s to %s", from.Plain(), t.Plain())
		}
		fail(pos, sqlerr.DatatypeMismatch, "cannot convert type %s to %s", from.Plain(), t.Plain())
	}
	if t.Mod == 0 && from.Same(t) && c != explicitCast {
		return expr.NewCast(n, t, false)
	}
	return b.fold(expr.NewCast(n, t, c == explicitCast), pos)
}

// coerceUnknown gives an untyped literal or parameter its type.
func (b *binder) coerceUnknown(n expr.Node, t types.Type, c types.CastContext, pos int) expr.Node {
	switch n := n.(type) {
	case *expr.Const:
		if n.Value.Null {
			return expr.Null(t)
		}
		return b.parseAs(string(n.Value.B), t, c == explicitCast, pos)
	case *expr.Param:
		return b.typeParam(n, t, pos)
	}
	return expr.NewCast(n, t, c == explicitCast)
}

// typeParam decides the type of a parameter, whose modifier is lost as in PostgreSQL.
func (b *binder) typeParam(p *expr.Param, t types.Type, pos int) expr.Node {
	want := t.Plain()
	switch have := b.params[p.Index]; {
	case isUnknown(have):
		b.params[p.Index] = want
	case !have.Same(want):
		panic(sqlerr.New(sqlerr.AmbiguousParameter, "inconsistent types deduced for parameter $%d", p.Index+1).
			WithDetail("%s versus %s", have, want).At(pos))
	}
	return expr.NewCast(expr.NewParam(p.Index, want), t, false)
}

// parseAs reads an untyped literal as a value of a type. An explicit cast's modifier is applied afterwards, as it may cut a string;
// but an interval's says what a bare number counts: INTERVAL '1' DAY.
func (b *binder) parseAs(text string, t types.Type, explicit bool, pos int) expr.Node {
	if explicit && t.Mod != 0 && t.ID != types.Interval {
		return b.fold(expr.NewCast(b.parse(text, t.Plain(), pos), t, true), pos)
	}
	return b.parse(text, t, pos)
}

// parse reads a constant of a type, in the session's time zone and by its catalog. A text that means another value at another time
// ('now', 'today') is what it means now, which PostgreSQL does as well; a view's rows cannot depend on it.
func (b *binder) parse(text string, t types.Type, pos int) *expr.Const {
	env := fn.TextEnv(b.Env)
	d, err := env.ParseText(t, []byte(text))
	raise(err, pos)
	b.relative = b.relative || env.Relative
	if env.Relative && b.View {
		panic(sqlerr.New(sqlerr.FeatureNotSupported, "%q means another %s at another time and cannot be used in a view", text, t).
			WithHint("Use a fixed value, or compare with a column.").At(pos))
	}
	return expr.NewConst(t, d)
}

// resolve makes text of what is still unknown.
func (b *binder) resolve(n expr.Node, pos int) expr.Node {
	if isUnknown(n.Type()) {
		return b.coerce(n, textType, implicitCast, pos)
	}
	return n
}

// fold evaluates an expression without columns and parameters now, so that a wrong constant fails with its position. What
// depends on the session is left.
func (b *binder) fold(n expr.Node, pos int) expr.Node {
	c, ok := n.(*expr.Cast)
	if !ok {
		return n
	}
	if _, ok := c.Arg.(*expr.Const); !ok {
		return n
	}
	return expr.Fold(n)
}

// commonType is the type that PostgreSQL's select_common_type gives to the arms of CASE, COALESCE, UNION, VALUES, IN and ARRAY: the first known
// one, unless a later one of its category takes it implicitly and not the other way around. All unknown is text. what
// names the construct in the error.
func (b *binder) commonType(nodes []expr.Node, what string, pos []int) types.Type {
	ts := make([]types.Type, len(nodes))
	for i, n := range nodes {
		ts[i] = n.Type()
	}
	return commonOf(ts, what, pos)
}

func commonOf(ts []types.Type, what string, pos []int) types.Type {
	best := unknownType
	for i, t := range ts {
		switch {
		case isUnknown(t), best.Same(t):
			continue
		case isUnknown(best):
			best = t.Plain()
		case category(best) != category(t):
			fail(pos[i], sqlerr.DatatypeMismatch, "%s types %s and %s cannot be matched", what, best, t.Plain())
		case !best.Preferred() && canCast(best, t, implicitCast) && !canCast(t, best, implicitCast):
			best = t.Plain()
		}
	}
	if isUnknown(best) {
		return textType
	}
	return commonModifier(ts, best)
}

// commonModifier keeps a modifier that all have.
func commonModifier(ts []types.Type, best types.Type) types.Type {
	for _, t := range ts {
		if !t.Same(best) || t.Mod != ts[0].Mod {
			return best
		}
	}
	best.Mod = ts[0].Mod
	return best
}

// unify coerces nodes to their common type.
func (b *binder) unify(nodes []expr.Node, what string, pos []int) types.Type {
	t := b.commonType(nodes, what, pos)
	for i := range nodes {
		nodes[i] = b.coerceCommon(nodes[i], t, what, pos[i])
	}
	return t
}

func (b *binder) coerceCommon(n expr.Node, t types.Type, what string, pos int) expr.Node {
	if !canCast(n.Type(), t, implicitCast) {
		fail(pos, sqlerr.CannotCoerce, "%s could not convert type %s to %s", what, n.Type().Plain(), t.Plain())
	}
	return b.coerce(n, t, implicitCast, pos)
}

// assign converts a value to a column's type as INSERT and UPDATE do.
func (b *binder) assign(n expr.Node, t types.Type, column string, pos int) expr.Node {
	if !canCast(n.Type(), t, assignmentCast) {
		panic(sqlerr.New(sqlerr.DatatypeMismatch, "column %q is of type %s but expression is of type %s", column, t.Plain(), n.Type().Plain()).
			WithHint("You will need to rewrite or cast the expression.").At(pos))
	}
	return b.coerce(n, t, assignmentCast, pos)
}
