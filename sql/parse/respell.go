package parse

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// speller reads one query or expression from the parser's tokens and re-spells
// it for TiDB's parser. It makes the nodes as it reads; the re-spelled text
// says how they hang together.
type speller struct {
	*parser
	// pieces is the re-spelled text as a list linked by next, so that a call can
	// be put around what was spelled already. pieces[0] is an empty head.
	pieces []piece
	last   int32
	marks  []mark
	holes  []hole
	// inMatch says that the text at hand is inside MATCH_RECOGNIZE.
	inMatch bool
	// markers are the offsets, in the rendered text, of parameter markers, each
	// with its mark; ascending.
	markers []markerPos
}

// piece is a mark's generated name (if mark >= 0) followed by fixed text.
type piece struct {
	text string
	mark int32
	next int32
}

// noMark is piece.mark of a piece that is fixed text only.
const noMark = -1

// parameterMarker is the text of a leaf; its mark is found by its offset.
const parameterMarker = "?"

// mark is a node that the re-spelled text names, with the holes that the
// arguments of its call fill in order.
type mark struct {
	node      any
	firstHole int32
	holes     int32
}

// hole is a place in a node that un-spelling fills: one of the four is set.
type hole struct {
	expr  *ast.Expr
	query **ast.Select
	body  *ast.SelectBody
	with  *ast.With
}

// markerPos is where a parameter marker stands in the rendered text.
type markerPos struct{ offset, mark int32 }

// emit appends fixed text.
func (s *speller) emit(text string) {
	s.insert(s.last, piece{text: text, mark: noMark})
}

// insert puts a piece behind the piece at.
func (s *speller) insert(at int32, pc piece) {
	i := int32(len(s.pieces))
	pc.next = s.pieces[at].next
	s.pieces = append(s.pieces, pc)
	s.pieces[at].next = i
	if at == s.last {
		s.last = i
	}
}

// newMark registers a node.
func (s *speller) newMark(node any) int32 {
	s.marks = append(s.marks, mark{node: node, firstHole: int32(len(s.holes))})
	return int32(len(s.marks) - 1)
}

// leaf spells a node without operands as a parameter marker.
func (s *speller) leaf(node ast.Expr) {
	s.insert(s.last, piece{text: parameterMarker, mark: s.newMark(node)})
}

// name spells a node by its generated name, where TiDB's grammar wants a name.
func (s *speller) name(node any) {
	s.insert(s.last, piece{mark: s.newMark(node)})
}

// open is the place in the spelled text at which an operand is about to begin.
func (s *speller) open() int32 { return s.last }

// call puts a call of node around what was spelled since from, the commas
// between its arguments included. The caller then names a hole for each
// argument, before it spells anything else.
func (s *speller) call(from int32, node any) {
	s.insert(from, piece{text: "(", mark: s.newMark(node)})
	s.emit(")")
}

// fill names holes for the arguments of the call made last.
func (s *speller) fill(exprs ...*ast.Expr) {
	for _, e := range exprs {
		s.addHole(hole{expr: e})
	}
}

// fillAll names a hole for each element.
func (s *speller) fillAll(list []ast.Expr) {
	for i := range list {
		s.addHole(hole{expr: &list[i]})
	}
}

func (s *speller) addHole(h hole) {
	s.holes = append(s.holes, h)
	s.marks[len(s.marks)-1].holes++
}

// args counts the arguments of a call that is being spelled and puts commas
// between them.
type args int

func (a *args) next(s *speller) {
	if *a > 0 {
		s.emit(",")
	}
	*a++
}

// fragment is a run of pieces taken out of the text, to be put elsewhere.
type fragment struct{ first, last int32 }

// cut takes out what was spelled since from.
func (s *speller) cut(from int32) fragment {
	f := fragment{s.pieces[from].next, s.last}
	s.pieces[from].next = 0
	s.last = from
	return f
}

// paste puts a fragment behind the piece at.
func (s *speller) paste(at int32, f fragment) {
	if f.first == 0 {
		return
	}
	s.pieces[f.last].next = s.pieces[at].next
	s.pieces[at].next = f.first
	if at == s.last {
		s.last = f.last
	}
}

// render gives the re-spelled text.
func (s *speller) render(buf []byte) []byte {
	for i := s.pieces[0].next; i != 0; i = s.pieces[i].next {
		switch pc := &s.pieces[i]; {
		case pc.mark == noMark:
			buf = append(buf, pc.text...)
		case pc.text == parameterMarker:
			s.markers = append(s.markers, markerPos{int32(len(buf)), pc.mark})
			buf = append(buf, '?')
		default:
			buf = append(buf, "`x"...)
			buf = strconv.AppendInt(buf, int64(pc.mark), 10)
			buf = append(buf, '`')
			buf = append(buf, pc.text...)
		}
	}
	return buf
}

// sourceOf maps an offset in the rendered text to the client's: to the place of
// the last node that was spelled before it.
func (s *speller) sourceOf(offset int) int {
	at, pos := 0, ast.NoPos
	for i := s.pieces[0].next; i != 0 && at <= offset; i = s.pieces[i].next {
		pc := &s.pieces[i]
		at += len(pc.text)
		if pc.mark == noMark {
			continue
		}
		if pc.text != parameterMarker {
			at += len("`x`") + len(strconv.Itoa(int(pc.mark)))
		}
		if n, ok := s.marks[pc.mark].node.(ast.Node); ok && n.Position() >= 0 {
			pos = n.Position()
		}
	}
	return pos
}

// spell returns a speller that reads on from the parser's place.
func (p *parser) spell() *speller {
	s := spellerPool.Get().(*speller)
	s.parser = p
	s.pieces = append(s.pieces[:0], piece{mark: noMark})
	s.last, s.inMatch = 0, false
	s.marks, s.holes, s.markers = s.marks[:0], s.holes[:0], s.markers[:0]
	return s
}

// putSpeller recycles a speller whose text has been un-spelled.
func putSpeller(s *speller) {
	const keep = 1 << 14
	if cap(s.pieces) > keep || cap(s.marks) > keep || cap(s.holes) > keep {
		return
	}
	clear(s.marks)
	clear(s.holes)
	s.parser = nil
	spellerPool.Put(s)
}

// misread reports that the two halves of the package disagree, which a client
// can only cause by a fault of ours.
func misread(what string) {
	bail(sqlerr.Internal("parser: %s", what))
}
