package ast

import "strconv"

// matchRecognize appends MATCH_RECOGNIZE with its input.
func (p *printer) matchRecognize(t *MatchRecognize) {
	p.table(t.Input)
	p.str(" MATCH_RECOGNIZE (")
	if len(t.PartitionBy) > 0 {
		p.str("PARTITION BY ")
		p.exprs(t.PartitionBy)
		p.str(" ")
	}
	p.str("ORDER BY ")
	list(p, t.OrderBy, p.orderItem)
	if len(t.Measures) > 0 {
		p.str(" MEASURES ")
		list(p, t.Measures, func(m *MatchMeasure) {
			p.expr(m.Expr)
			p.str(" AS ")
			p.ident(m.Name.Name)
		})
	}
	p.str(" ", t.Rows.Kind.String())
	p.matchSkip(&t.Skip)
	p.str(" PATTERN (")
	p.pattern(t.Pattern, false)
	p.str(")")
	if t.Within != nil {
		p.str(" WITHIN ")
		p.expr(t.Within)
	}
	if len(t.Subsets) > 0 {
		p.str(" SUBSET ")
		list(p, t.Subsets, func(s *MatchSubset) {
			p.ident(s.Name.Name)
			p.str(" = (")
			list(p, s.Of, func(v Ident) { p.ident(v.Name) })
			p.str(")")
		})
	}
	if len(t.Define) > 0 {
		p.str(" DEFINE ")
		list(p, t.Define, func(d *MatchDefine) {
			p.ident(d.Name.Name)
			p.str(" AS ")
			p.expr(d.Cond)
		})
	}
	p.str(")")
	p.alias(t.Alias)
}

func (p *printer) matchSkip(s *MatchSkip) {
	p.str(" AFTER MATCH SKIP ", [...]string{"PAST LAST ROW", "TO NEXT ROW", "TO FIRST ", "TO LAST "}[s.Kind])
	if s.Variable.Name != "" {
		p.ident(s.Variable.Name)
	}
}

// pattern appends a pattern. Inside another one a sequence or an alternation needs parentheses, as PATTERN itself gives those of the whole.
func (p *printer) pattern(x *Pattern, inside bool) {
	group := (inside || x.Repeat != nil) && (x.Kind == PatternSequence || x.Kind == PatternAlternation)
	p.when(group, "(")
	switch x.Kind {
	case PatternVariable:
		p.contextIdent(x.Name)
	case PatternSequence:
		p.patterns(x.Items, " ")
	case PatternAlternation:
		p.patterns(x.Items, " | ")
	case PatternPermutation:
		p.str("PERMUTE(")
		p.patterns(x.Items, ", ")
		p.str(")")
	case PatternExclusion:
		p.str("{- ")
		p.pattern(x.Items[0], false)
		p.str(" -}")
	case PatternStart:
		p.str("^")
	case PatternEnd:
		p.str("$")
	}
	p.when(group, ")")
	if x.Repeat != nil {
		p.quantifier(x.Repeat)
	}
}

func (p *printer) patterns(items []*Pattern, between string) {
	for i, it := range items {
		p.when(i > 0, between)
		p.pattern(it, true)
	}
}

func (p *printer) quantifier(q *Quantifier) {
	switch {
	case q.Min == 0 && q.Max == NoMax:
		p.str("*")
	case q.Min == 1 && q.Max == NoMax:
		p.str("+")
	case q.Min == 0 && q.Max == 1:
		p.str("?")
	case q.Max == NoMax:
		p.str("{", strconv.Itoa(q.Min), ",}")
	case q.Max == q.Min:
		p.str("{", strconv.Itoa(q.Min), "}")
	default:
		p.str("{", strconv.Itoa(q.Min), ",", strconv.Itoa(q.Max), "}")
	}
	p.when(q.Reluctant, "?")
}
