package parse

import "github.com/streamdb/streamdb/sql/ast"

// over spells OVER name or OVER (definition) as further arguments of a call.
func (s *speller) over(a *args) *ast.WindowDef {
	s.expect("over")
	if !s.peek().punct("(") {
		name := s.ident()
		return &ast.WindowDef{Pos: name.Pos, Name: name.Name}
	}
	return s.windowDef(a)
}

// windowDef spells a parenthesised window definition.
func (s *speller) windowDef(a *args) *ast.WindowDef {
	w := &ast.WindowDef{Pos: s.pos()}
	s.enter()
	s.expectPunct("(")
	if isColID(s.peek()) && !s.word("partition") && !s.frameAhead() {
		w.Base = s.ident().Name
	}
	if s.word("partition") {
		w.PartitionBy = s.partitionBy(a)
	}
	if s.word("order") {
		w.OrderBy = s.orderBy(a)
	}
	if s.frameAhead() {
		w.Frame = s.frame(a)
	}
	s.expectPunct(")")
	s.leave()
	return w
}

func (s *speller) frameAhead() bool { return s.word("rows") || s.word("range") || s.word("groups") }

var frameUnits = map[string]ast.FrameUnit{
	"rows": ast.FrameRows, "range": ast.FrameRange, "groups": ast.FrameGroups,
}

func (s *speller) frame(a *args) *ast.Frame {
	f := &ast.Frame{Pos: s.pos()}
	f.Unit = frameUnits[s.expectAny("rows", "range", "groups")]
	f.End.Kind = ast.BoundCurrentRow
	if f.Between = s.accept("between"); f.Between {
		s.bound(&f.Start, a)
		s.expect("and")
		s.bound(&f.End, a)
	} else {
		s.bound(&f.Start, a)
	}
	if s.accept("exclude") {
		switch s.expectAny("current", "group", "ties", "no") {
		case "current":
			s.expect("row")
			f.Exclude = ast.ExcludeCurrentRow
		case "group":
			f.Exclude = ast.ExcludeGroup
		case "ties":
			f.Exclude = ast.ExcludeTies
		case "no":
			s.expect("others")
		}
	}
	return f
}

// bound spells a frame's bound; an offset is a further argument.
func (s *speller) bound(b *ast.FrameBound, a *args) {
	switch {
	case s.accept("unbounded", "preceding"):
		b.Kind = ast.BoundUnboundedPreceding
	case s.accept("unbounded", "following"):
		b.Kind = ast.BoundUnboundedFollowing
	case s.accept("current", "row"):
		b.Kind = ast.BoundCurrentRow
	default:
		a.next(s)
		s.expr()
		b.Kind = ast.BoundPreceding
		if s.expectAny("preceding", "following") == "following" {
			b.Kind = ast.BoundFollowing
		}
	}
}

func (s *speller) fillWindow(w *ast.WindowDef) {
	s.fillAll(w.PartitionBy)
	s.fillOrder(w.OrderBy)
	if f := w.Frame; f != nil {
		for _, b := range []*ast.FrameBound{&f.Start, &f.End} {
			if b.Kind == ast.BoundPreceding || b.Kind == ast.BoundFollowing {
				s.fill(&b.Offset)
			}
		}
	}
}
