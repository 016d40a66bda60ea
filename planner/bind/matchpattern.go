package bind

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// pattern binds PATTERN, SUBSET and AFTER MATCH SKIP, which speak of variables alone.
func (m *recognition) pattern(t *ast.MatchRecognize) {
	m.names = []matchName{{}}
	spec := &m.node.Spec
	spec.Pattern = m.patternOf(t.Pattern)
	if spec.Pattern.Size() > physical.MaxPatternSize {
		tooLarge(t.Pattern.Pos)
	}
	if len(spec.Variables) == 0 {
		fail(t.Pattern.Pos, sqlerr.SyntaxError, "PATTERN must have a variable")
	}
	for i, v := range spec.Variables {
		m.names = append(m.names, matchName{name: v, of: []int{i}})
	}
	for _, s := range t.Subsets {
		m.subset(s)
	}
	m.skip(&t.Skip)
}

// patternOf binds a pattern and numbers the variables in it as they come.
func (m *recognition) patternOf(x *ast.Pattern) physical.Pattern {
	p := m.unquantified(x)
	q := x.Repeat
	if q == nil {
		return p
	}
	p = physical.Pattern{Kind: physical.PatternRepeat, Items: []physical.Pattern{p}, Min: q.Min, Max: q.Max, Reluctant: q.Reluctant}
	if p.Size() > physical.MaxPatternSize {
		tooLarge(q.Pos)
	}
	return p
}

func (m *recognition) unquantified(x *ast.Pattern) physical.Pattern {
	switch x.Kind {
	case ast.PatternVariable:
		return physical.Pattern{Kind: physical.PatternVariable, Variable: m.variable(x.Name)}
	case ast.PatternPermutation:
		return m.permutation(x)
	case ast.PatternExclusion:
		unsupported(x.Pos, "{- … -} in PATTERN", "It leaves rows out of ALL ROWS PER MATCH; with ONE ROW PER MATCH the measures say what is given.")
	case ast.PatternStart, ast.PatternEnd:
		unsupported(x.Pos, "an anchor in PATTERN", "Give the first row of a partition a mark by row_number() in a subquery, and test it in DEFINE.")
	}
	kind := physical.PatternSequence
	if x.Kind == ast.PatternAlternation {
		kind = physical.PatternAlternation
	}
	return physical.Pattern{Kind: kind, Items: m.patterns(x.Items)}
}

func (m *recognition) patterns(items []*ast.Pattern) []physical.Pattern {
	out := make([]physical.Pattern, len(items))
	for i, it := range items {
		out[i] = m.patternOf(it)
	}
	return out
}

// variable is the number of a variable.
func (m *recognition) variable(name string) int {
	spec := &m.node.Spec
	if v := slices.Index(spec.Variables, name); v >= 0 {
		return v
	}
	spec.Variables = append(spec.Variables, name)
	return len(spec.Variables) - 1
}

// maxPermuted is how many patterns PERMUTE takes: it stands for all their orders, 720 of six.
const maxPermuted = 6

// permutation writes PERMUTE out: the orders of its items are preferred in lexical order.
func (m *recognition) permutation(x *ast.Pattern) physical.Pattern {
	if len(x.Items) > maxPermuted {
		panic(sqlerr.New(sqlerr.StatementTooComplex, "PERMUTE takes at most %d patterns", maxPermuted).
			WithHint("PERMUTE stands for all orders of its patterns.").At(x.Pos))
	}
	items := m.patterns(x.Items)
	out := physical.Pattern{Kind: physical.PatternAlternation}
	var order []physical.Pattern
	used := make([]bool, len(items))
	var extend func()
	extend = func() {
		if len(order) == len(items) {
			out.Items = append(out.Items, physical.Pattern{Kind: physical.PatternSequence, Items: slices.Clone(order)})
			return
		}
		for i, it := range items {
			if used[i] {
				continue
			}
			used[i], order = true, append(order, it)
			extend()
			used[i], order = false, order[:len(order)-1]
		}
	}
	extend()
	if out.Size() > physical.MaxPatternSize {
		tooLarge(x.Pos)
	}
	return out
}

func tooLarge(pos int) {
	panic(sqlerr.New(sqlerr.StatementTooComplex, "the pattern is too large: with its repetitions written out it has more than %d states", physical.MaxPatternSize).
		WithHint("Use + or * in place of large bounds, and test count(v.*) in DEFINE where the number of rows matters.").At(pos))
}

// subset binds name = (variables).
func (m *recognition) subset(s *ast.MatchSubset) {
	if m.find(s.Name.Name) > 0 {
		fail(s.Name.Pos, sqlerr.DuplicateAlias, "pattern variable %q specified more than once", s.Name.Name)
	}
	n := matchName{name: s.Name.Name}
	for _, v := range s.Of {
		i := slices.Index(m.node.Spec.Variables, v.Name)
		if i < 0 {
			m.undefined(v)
		}
		if !slices.Contains(n.of, i) {
			n.of = append(n.of, i)
		}
	}
	slices.Sort(n.of)
	m.names = append(m.names, n)
}

// skip binds AFTER MATCH SKIP.
func (m *recognition) skip(s *ast.MatchSkip) {
	spec := &m.node.Spec
	spec.Skip = [...]physical.MatchSkip{physical.SkipPastLastRow, physical.SkipToNextRow, physical.SkipToFirst, physical.SkipToLast}[s.Kind]
	if s.Variable.Name == "" {
		return
	}
	i := m.find(s.Variable.Name)
	if i == 0 {
		m.undefined(s.Variable)
	}
	spec.SkipTo = m.names[i].of
	if spec.Skip == physical.SkipToFirst && begins(&spec.Pattern, spec.SkipTo) {
		panic(sqlerr.New(sqlerr.InvalidParameterValue, "AFTER MATCH SKIP TO FIRST %s would go back to the first row of every match", s.Variable.Name).
			WithHint("Use SKIP TO NEXT ROW to look for matches from every row.").At(s.Variable.Pos))
	}
}

// begins reports whether the first row of every match is one of these variables'.
func begins(p *physical.Pattern, vars []int) bool {
	switch p.Kind {
	case physical.PatternVariable:
		return slices.Contains(vars, p.Variable)
	case physical.PatternRepeat:
		return p.Min > 0 && begins(&p.Items[0], vars)
	case physical.PatternAlternation:
		return !slices.ContainsFunc(p.Items, func(it physical.Pattern) bool { return !begins(&it, vars) })
	}
	return len(p.Items) > 0 && begins(&p.Items[0], vars)
}
