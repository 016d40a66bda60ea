package explain

import (
	"fmt"
	"strings"

	"github.com/streamdb/streamdb/planner/physical"
)

// match says what a Match recognises. Conditions and measures name slots as SQL does.
func (v *view) match(x *physical.Match) []string {
	in := v.input(0)
	d := list("Partition Key", names(in, x.PartitionBy))
	d = append(d, list("Order", order(in, x.OrderBy))...)
	d = append(d, "Pattern: "+patternText(x, &x.Pattern, false))
	for i, e := range x.Define {
		if !e.None() {
			d = append(d, "Define: "+x.Variables[i]+" AS "+e.String())
		}
	}
	d = append(d, list("Measures", exprs(x.Measures))...)
	if x.AllRows {
		d = append(d, "Output: all rows of each match")
	}
	if x.Within != physical.NoWithin {
		d = append(d, "Within: "+micros(x.Within))
	}
	skip := "past last row"
	switch x.Skip {
	case physical.SkipToNextRow:
		skip = "to next row"
	case physical.SkipToFirst, physical.SkipToLast:
		vars := make([]string, len(x.SkipTo))
		for i, k := range x.SkipTo {
			vars[i] = x.Variables[k]
		}
		skip = fmt.Sprintf("to %s %s", x.Skip, strings.Join(vars, " or "))
	}
	d = append(d, "After Match: skip "+skip)
	switch {
	case x.EmitOnClose:
		d = append(d, "Emit: when no later row can change a match")
	case x.Watermark:
		d = append(d, "Rows: are freed behind the watermark of "+in[x.OrderBy[0].Column])
	}
	return d
}

// patternText writes a pattern in SQL's syntax; inside another one a choice or a sequence has parentheses.
func patternText(x *physical.Match, p *physical.Pattern, inside bool) string {
	if p.Kind == physical.PatternVariable {
		return x.Variables[p.Variable]
	}
	parts := make([]string, len(p.Items))
	for i := range p.Items {
		parts[i] = patternText(x, &p.Items[i], true)
	}
	between := " "
	switch p.Kind {
	case physical.PatternRepeat:
		return parts[0] + quantifier(p)
	case physical.PatternAlternation:
		between = " | "
	}
	text := strings.Join(parts, between)
	if inside || text == "" {
		return "(" + text + ")"
	}
	return text
}

func quantifier(p *physical.Pattern) string {
	text := ""
	switch {
	case p.Min == 0 && p.Max < 0:
		text = "*"
	case p.Min == 1 && p.Max < 0:
		text = "+"
	case p.Min == 0 && p.Max == 1:
		text = "?"
	case p.Max < 0:
		text = fmt.Sprintf("{%d,}", p.Min)
	case p.Min == p.Max:
		text = fmt.Sprintf("{%d}", p.Min)
	default:
		text = fmt.Sprintf("{%d,%d}", p.Min, p.Max)
	}
	if p.Reluctant {
		text += "?"
	}
	return text
}
