package parse

import (
	"io"
	"strings"
	"sync"

	tidbparser "github.com/pingcap/tidb/pkg/parser"
	tidb "github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/format"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

var spellerPool = sync.Pool{New: func() any { return new(speller) }}

// tidbPool keeps TiDB parsers, each of which costs a large allocation.
var tidbPool = sync.Pool{New: func() any {
	driver()
	return tidbparser.New()
}}

// driver tells TiDB's parser, once, how to make a literal. Of those the
// re-spelled text has parameter markers only.
var driver = sync.OnceFunc(func() {
	tidb.NewParamMarkerExpr = func(offset int) tidb.ParamMarkerExpr { return &marker{offset: offset} }
	tidb.NewValueExpr = func(any, string, string) tidb.ValueExpr { return &marker{offset: -1} }
	tidb.NewDecimal = func(s string) (any, error) { return s, nil }
	tidb.NewHexLiteral = tidb.NewDecimal
	tidb.NewBitLiteral = tidb.NewDecimal
})

// stmtNode is a statement of TiDB's, so named for files that have no other use for its tree.
type stmtNode = tidb.StmtNode

// marker is TiDB's node for a parameter marker: its offset in the text and no value.
type marker struct {
	tidb.TexprNode
	offset int
}

// The methods below make marker a tidb.ParamMarkerExpr.

func (*marker) SetOrder(int)             {}
func (*marker) SetValue(any)             {}
func (*marker) GetValue() any            { return nil }
func (*marker) GetDatumString() string   { return "" }
func (*marker) GetString() string        { return "" }
func (*marker) GetProjectionOffset() int { return 0 }
func (*marker) SetProjectionOffset(int)  {}
func (*marker) Format(w io.Writer)       { _, _ = io.WriteString(w, parameterMarker) }

func (*marker) Restore(ctx *format.RestoreCtx) error {
	ctx.WritePlain(parameterMarker)
	return nil
}

func (m *marker) Accept(v tidb.Visitor) (tidb.Node, bool) {
	node, skip := v.Enter(m)
	if skip {
		return v.Leave(node)
	}
	return v.Leave(m)
}

// textPool recycles the buffers that re-spelled texts are rendered into.
var textPool = sync.Pool{New: func() any { return new([]byte) }}

// unspeller turns TiDB's tree of a re-spelled text back into the speller's nodes.
type unspeller struct {
	*speller
	height int
}

// run has TiDB read what s has spelled and calls unspell with the one statement.
func (s *speller) run(unspell func(u *unspeller, stmt stmtNode)) {
	buf := textPool.Get().(*[]byte)
	*buf = s.render((*buf)[:0])
	text := string(*buf)
	textPool.Put(buf)

	p := tidbPool.Get().(*tidbparser.Parser)
	stmts, _, err := p.ParseSQL(text)
	if err != nil || len(stmts) != 1 {
		tidbPool.Put(p)
		s.syntaxError(text, err)
	}
	unspell(&unspeller{speller: s}, stmts[0])
	tidbPool.Put(p)
	putSpeller(s)
}

// syntaxError reports that TiDB did not take the re-spelled text. The speller
// knows the grammar, so this means a construct was let through that cannot
// stand where it stands; the client sees its own token.
func (s *speller) syntaxError(text string, err error) {
	offset := len(text)
	if err != nil {
		if _, near, ok := strings.Cut(err.Error(), `near "`); ok {
			if end := strings.LastIndexByte(near, '"'); end >= 0 {
				near = near[:end]
			}
			if i := strings.LastIndex(text, near); near != "" && i >= 0 {
				offset = i
			}
		}
	}
	pos := s.sourceOf(offset)
	for i := range s.toks {
		if int(s.toks[i].pos) == pos {
			s.unexpectedAt(&s.toks[i])
		}
	}
	bail(sqlerr.New(sqlerr.SyntaxError, "syntax error at end of input").At(len(s.sql)))
}
