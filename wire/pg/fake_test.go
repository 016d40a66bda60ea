package pg

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// secretVerifier is that of the password "pencil", as PostgreSQL 15 made it.
const secretVerifier = "SCRAM-SHA-256$4096:ge4rMG/vCKjRWx+iAsFWXQ==$kZSutvd3Bt0+HK9D4Zh15zMRCzcB4sLbapSxit7QghE=:aoBvJVH2kAafXOZOkSHKClBtxw83py6d2TK/NO8YsOA="

// fakeEngine answers a handful of statements as PostgreSQL does, so that one script can be run against both.
type fakeEngine struct {
	verifiers map[string]string // by role; "" is a role without password
	nextID    atomic.Uint32
	mu        sync.Mutex
	sessions  map[uint32]*fakeSession
	cancelled atomic.Int64
	running   atomic.Int64  // portals that run
	bounded   bool          // no statement runs long, as for a fuzzer
	idle      time.Duration // the sessions' idle limit
}

func newFakeEngine() *fakeEngine {
	return &fakeEngine{verifiers: map[string]string{"streamdb": "", "secret": secretVerifier}, sessions: map[uint32]*fakeSession{}}
}

func (e *fakeEngine) Open(_ context.Context, s engine.Startup) (engine.Session, error) {
	if _, ok := e.verifiers[s.User]; !ok {
		return nil, sqlerr.New(sqlerr.InvalidAuthorization, "role \"%s\" does not exist", s.User)
	}
	if s.Database == "nosuch" {
		return nil, sqlerr.New(sqlerr.InvalidCatalogName, "database \"nosuch\" does not exist")
	}
	f := &fakeSession{e: e, id: e.nextID.Add(1), startup: s, status: 'I', idle: e.idle}
	for _, p := range [][2]string{
		{"client_encoding", "UTF8"}, {"server_version", "15.0"}, {"standard_conforming_strings", "on"},
		{"integer_datetimes", "on"}, {"TimeZone", "UTC"},
	} {
		f.event(engine.Event{Parameter: &engine.Setting{Name: p[0], Value: p[1]}})
	}
	for _, set := range s.Settings {
		if set.Name == "nosuch" {
			return nil, sqlerr.New(sqlerr.UndefinedObject, "unrecognized configuration parameter \"nosuch\"")
		}
		if set.Name == "application_name" {
			f.event(engine.Event{Parameter: &engine.Setting{Name: set.Name, Value: set.Value}})
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sessions[f.id] = f
	return f, nil
}

func (e *fakeEngine) Cancel(uint32) { e.cancelled.Add(1) }

func (e *fakeEngine) Verifier(role string) (string, bool) {
	v, ok := e.verifiers[role]
	return v, ok
}

func (e *fakeEngine) open() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.sessions)
}

type fakeSession struct {
	e       *fakeEngine
	id      uint32
	startup engine.Startup
	status  byte
	events  []engine.Event
	idle    time.Duration
}

func (s *fakeSession) event(ev engine.Event) { s.events = append(s.events, ev) }

func (s *fakeSession) ID() uint32 { return s.id }

func (s *fakeSession) Status() byte { return s.status }

func (s *fakeSession) Events() []engine.Event {
	ev := s.events
	s.events = nil
	return ev
}

func (s *fakeSession) Close() {
	s.e.mu.Lock()
	defer s.e.mu.Unlock()
	delete(s.e.sessions, s.id)
}

func (s *fakeSession) Sync(_ context.Context, failed bool) error {
	if failed && s.status == 'T' {
		s.status = 'E'
	}
	return nil
}

func (s *fakeSession) IdleLimit() (time.Duration, *sqlerr.Error) {
	return s.idle, sqlerr.New(sqlerr.IdleSessionTimeout, "terminating connection due to idle-session timeout")
}

func (s *fakeSession) Prepare(_ context.Context, stmt ast.Stmt, params []types.Type) (engine.Statement, error) {
	text := stmt.Text
	if s.status == 'E' && text != "ROLLBACK" && text != "COMMIT" {
		return nil, sqlerr.New(sqlerr.InFailedSQLTransaction, "current transaction is aborted, commands ignored until end of transaction block")
	}
	for _, c := range canned {
		if m := c.pattern.FindStringSubmatch(text); m != nil {
			if c.prepare != nil {
				var err error
				if c, err = c.prepare(c, m); err != nil {
					return nil, err
				}
			}
			st := &fakeStatement{s: s, c: c, match: m, params: c.params}
			for i, p := range params {
				if i < len(st.params) && p.ID != types.Unknown {
					st.params = append([]types.Type(nil), st.params...)
					st.params[i] = p
				}
			}
			return st, nil
		}
	}
	return nil, sqlerr.New(sqlerr.FeatureNotSupported, "the fake engine does not know: %s", text)
}

type fakeStatement struct {
	s      *fakeSession
	c      cannedStatement
	match  []string
	params []types.Type
}

func (s *fakeStatement) Params() []types.Type { return s.params }
func (s *fakeStatement) Columns() []engine.Column {
	return s.c.columns
}
func (s *fakeStatement) Close() {}
func (s *fakeStatement) Bind(_ context.Context, args []types.Datum) (engine.Portal, error) {
	if s.c.bindError != nil {
		return nil, s.c.bindError
	}
	return &fakePortal{fakeStatement: s, args: args}, nil
}

type fakePortal struct {
	*fakeStatement
	args []types.Datum
	row  int64 // of generate_series
}

func (p *fakePortal) Close() {}
func (p *fakePortal) Run(ctx context.Context, maxRows int64, w engine.RowWriter) (engine.Result, error) {
	p.s.e.running.Add(1)
	defer p.s.e.running.Add(-1)
	return p.c.run(ctx, p, maxRows, w)
}

// one sends a single row of datums.
func (p *fakePortal) one(w engine.RowWriter, row ...types.Datum) (engine.Result, error) {
	ts := make([]types.Type, len(p.c.columns))
	for i, c := range p.c.columns {
		ts[i] = c.Type
	}
	b := vec.NewBatch(ts, 1)
	b.AppendRow(1, row...)
	return engine.Result{Tag: "SELECT 1"}, w.Batch(b)
}

type cannedStatement struct {
	pattern *regexp.Regexp
	params  []types.Type
	columns []engine.Column
	run     func(ctx context.Context, p *fakePortal, maxRows int64, w engine.RowWriter) (engine.Result, error)
	// bindError is what PostgreSQL finds when it plans.
	bindError error
	// prepare makes the statement of a match.
	prepare func(c cannedStatement, match []string) (cannedStatement, error)
}

func column(name string, id types.ID) []engine.Column {
	return []engine.Column{{Name: name, Type: types.T(id)}}
}

func tag(t string, do func(s *fakeSession)) func(context.Context, *fakePortal, int64, engine.RowWriter) (engine.Result, error) {
	return func(_ context.Context, p *fakePortal, _ int64, _ engine.RowWriter) (engine.Result, error) {
		do(p.s)
		return engine.Result{Tag: t}, nil
	}
}

var canned = []cannedStatement{
	{pattern: regexp.MustCompile(`^SELECT (\d+)$`), columns: column("?column?", types.Int4),
		run: func(_ context.Context, p *fakePortal, _ int64, w engine.RowWriter) (engine.Result, error) {
			n, _ := strconv.Atoi(p.match[1])
			return p.one(w, types.NewInt(int64(n)))
		}},
	{pattern: regexp.MustCompile(`^SELECT '([^']*)'$`), columns: column("?column?", types.Text),
		run: func(_ context.Context, p *fakePortal, _ int64, w engine.RowWriter) (engine.Result, error) {
			return p.one(w, types.NewText(p.match[1]))
		}},
	{pattern: regexp.MustCompile(`^SELECT NULL::int4 AS n, 7::int8 AS i, 'x'::text AS t$`),
		columns: []engine.Column{{Name: "n", Type: types.T(types.Int4)}, {Name: "i", Type: types.T(types.Int8)}, {Name: "t", Type: types.T(types.Text)}},
		run: func(_ context.Context, p *fakePortal, _ int64, w engine.RowWriter) (engine.Result, error) {
			return p.one(w, types.Null, types.NewInt(7), types.NewText("x"))
		}},
	{pattern: regexp.MustCompile(`^SELECT \$1::int4 AS v$`), params: []types.Type{types.T(types.Int4)}, columns: column("v", types.Int4),
		run: func(_ context.Context, p *fakePortal, _ int64, w engine.RowWriter) (engine.Result, error) {
			return p.one(w, p.args[0])
		}},
	{pattern: regexp.MustCompile(`^SELECT \$1::text AS a, \$2::int8 AS b$`),
		params:  []types.Type{types.T(types.Text), types.T(types.Int8)},
		columns: []engine.Column{{Name: "a", Type: types.T(types.Text)}, {Name: "b", Type: types.T(types.Int8)}},
		run: func(_ context.Context, p *fakePortal, _ int64, w engine.RowWriter) (engine.Result, error) {
			return p.one(w, p.args[0], p.args[1])
		}},
	{pattern: regexp.MustCompile(`^SELECT g FROM generate_series\(1, (\d+)\) g$`), columns: column("g", types.Int4), run: runSeries},
	{pattern: regexp.MustCompile(`^SELECT pg_sleep\((\d+)\)$`), columns: column("pg_sleep", types.Void),
		run: func(ctx context.Context, p *fakePortal, _ int64, w engine.RowWriter) (engine.Result, error) {
			n, _ := strconv.Atoi(p.match[1])
			if p.s.e.bounded {
				n = 0
			}
			select {
			case <-ctx.Done():
				return engine.Result{}, ctx.Err()
			case <-time.After(time.Duration(n) * time.Second):
			}
			return p.one(w, types.NewText(""))
		}},
	{pattern: regexp.MustCompile(`^SELECT 1/0$`), columns: column("?column?", types.Int4),
		bindError: sqlerr.New(sqlerr.DivisionByZero, "division by zero")},
	{pattern: regexp.MustCompile(`^BEGIN( READ WRITE)?$`), run: tag("BEGIN", func(s *fakeSession) { s.status = 'T' })},
	{pattern: regexp.MustCompile(`^COMMIT$`), run: func(_ context.Context, p *fakePortal, _ int64, _ engine.RowWriter) (engine.Result, error) {
		was := p.s.status
		p.s.status = 'I'
		if was == 'E' {
			return engine.Result{Tag: "ROLLBACK"}, nil
		}
		return engine.Result{Tag: "COMMIT"}, nil
	}},
	{pattern: regexp.MustCompile(`^ROLLBACK$`), run: tag("ROLLBACK", func(s *fakeSession) { s.status = 'I' })},
	{pattern: regexp.MustCompile(`^SET application_name = '(.*)'$`),
		run: func(_ context.Context, p *fakePortal, _ int64, _ engine.RowWriter) (engine.Result, error) {
			p.s.event(engine.Event{Parameter: &engine.Setting{Name: "application_name", Value: p.match[1]}})
			return engine.Result{Tag: "SET"}, nil
		}},
	{pattern: regexp.MustCompile(`^DROP TABLE IF EXISTS (\w+)$`),
		run: func(_ context.Context, p *fakePortal, _ int64, _ engine.RowWriter) (engine.Result, error) {
			p.s.event(engine.Event{Notice: sqlerr.NewNotice("table \"%s\" does not exist, skipping", p.match[1])})
			return engine.Result{Tag: "DROP TABLE"}, nil
		}},
	{pattern: regexp.MustCompile(`^DEALLOCATE (\w+)$`),
		run: func(_ context.Context, p *fakePortal, _ int64, _ engine.RowWriter) (engine.Result, error) {
			name := p.match[1]
			tag := "DEALLOCATE"
			if name == "ALL" {
				name, tag = "", "DEALLOCATE ALL"
			}
			p.s.event(engine.Event{Deallocate: &name})
			return engine.Result{Tag: tag}, nil
		}},
	{pattern: regexp.MustCompile(`^COPY t FROM STDIN$`), run: runCopyIn},
	{pattern: regexp.MustCompile(`^COPY \(SELECT g FROM generate_series\(1, (\d+)\) g\) TO STDOUT$`),
		run: func(_ context.Context, p *fakePortal, _ int64, w engine.RowWriter) (engine.Result, error) {
			out, err := w.CopyOut(false, 1)
			if err != nil {
				return engine.Result{}, err
			}
			n, _ := strconv.Atoi(p.match[1])
			if p.s.e.bounded {
				n = min(n, 5000)
			}
			for i := 1; i <= n && err == nil; i++ {
				_, err = fmt.Fprintf(out, "%d\n", i)
			}
			return engine.Result{Tag: fmt.Sprintf("COPY %d", n)}, err
		}},
	{pattern: regexp.MustCompile(`^COPY nowhere FROM STDIN$`),
		run: func(_ context.Context, _ *fakePortal, _ int64, w engine.RowWriter) (engine.Result, error) {
			in, err := w.CopyIn(false, 1)
			if err == nil {
				_, err = io.CopyBuffer(io.Discard, struct{ io.Reader }{in}, make([]byte, 64<<10))
			}
			return engine.Result{Tag: "COPY 0"}, err
		}},
	{pattern: regexp.MustCompile(`^COPY nosuch FROM STDIN$`),
		bindError: sqlerr.New(sqlerr.UndefinedTable, "relation \"nosuch\" does not exist")},
	{pattern: regexp.MustCompile(`^SELECT \$1::(.+?) AS [tv](?:, \$1::.+ AS b)?$`), prepare: prepareCast},
	{pattern: regexp.MustCompile(`^PANIC$`), run: func(_ context.Context, p *fakePortal, _ int64, _ engine.RowWriter) (engine.Result, error) {
		if p.s.e.bounded {
			return engine.Result{Tag: "PANIC"}, nil
		}
		panic("as asked")
	}},
	{pattern: regexp.MustCompile(`^CREATE TABLE `), run: tag("CREATE TABLE", func(*fakeSession) {})},
}

// runSeries sends rows in batches of at most 1000, the even ones as a weight of the odd ones before where asked.
func runSeries(ctx context.Context, p *fakePortal, maxRows int64, w engine.RowWriter) (engine.Result, error) {
	n, _ := strconv.ParseInt(p.match[1], 10, 64)
	if p.s.e.bounded {
		n = min(n, 5000)
	}
	sent := int64(0)
	for p.row < n && (maxRows == 0 || sent < maxRows) {
		if ctx.Err() != nil {
			return engine.Result{}, ctx.Err()
		}
		b := vec.NewBatch([]types.Type{types.T(types.Int4)}, 1000)
		for b.N < 1000 && p.row < n && (maxRows == 0 || sent < maxRows) {
			p.row++
			sent++
			b.AppendRow(1, types.NewInt(p.row))
		}
		if err := w.Batch(b); err != nil {
			return engine.Result{}, err
		}
	}
	if maxRows > 0 && sent == maxRows {
		return engine.Result{Suspended: true}, nil
	}
	return engine.Result{Tag: fmt.Sprintf("SELECT %d", sent)}, nil
}

// runCopyIn counts lines, each of which must be a number: the table is t (a int).
func runCopyIn(_ context.Context, _ *fakePortal, _ int64, w engine.RowWriter) (engine.Result, error) {
	in, err := w.CopyIn(false, 1)
	if err != nil {
		return engine.Result{}, err
	}
	lines := bufio.NewReader(in)
	for n := 0; ; n++ {
		line, err := lines.ReadString('\n')
		if err != nil && err != io.EOF {
			return engine.Result{}, sqlerr.From(err).WithWhere("COPY t, line %d", n+1)
		}
		line = strings.TrimSuffix(line, "\n")
		if err == io.EOF && line == "" || line == `\.` {
			return engine.Result{Tag: fmt.Sprintf("COPY %d", n)}, nil
		}
		if _, err := strconv.Atoi(line); err != nil {
			return engine.Result{}, sqlerr.New(sqlerr.InvalidTextRepresentation, "invalid input syntax for type integer: \"%s\"", line).
				WithWhere("COPY t, line %d, column a: \"%s\"", n+1, line)
		}
	}
}

// fakeParse splits at semicolons, and knows no more syntax than that SELEC is none.
func fakeParse(sql string) ([]ast.Stmt, error) {
	var stmts []ast.Stmt
	at := 0
	for _, part := range strings.Split(sql, ";") {
		text := strings.TrimSpace(part)
		offset := at + strings.Index(part, text)
		at += len(part) + 1
		if i := strings.Index(text+" ", "SELEC "); i >= 0 {
			return nil, sqlerr.New(sqlerr.SyntaxError, "syntax error at or near \"SELEC\"").At(offset + i)
		}
		var node ast.Statement = &ast.Show{}
		switch text {
		case "":
			continue
		case "COMMIT":
			node = &ast.Commit{}
		case "ROLLBACK":
			node = &ast.Rollback{}
		}
		stmts = append(stmts, ast.Stmt{Statement: node, Text: text, Offset: offset})
	}
	return stmts, nil
}

// typeNames are types as scripts spell them.
var typeNames = map[string]types.Type{
	"varchar(3)": types.T(types.Varchar).WithTypmod(7), "char(5)": types.T(types.BPChar).WithTypmod(9),
	"numeric(10,2)": types.NumericType(10, 2), "\"char\"": types.T(types.Char),
	"text[]": types.ArrayOf(types.T(types.Text)), "int4[]": types.ArrayOf(types.T(types.Int4)),
}

// prepareCast is a parameter cast to a type, in one or two columns.
func prepareCast(c cannedStatement, match []string) (cannedStatement, error) {
	t, ok := typeNames[match[1]]
	if !ok {
		t, ok = types.ByTypName(match[1])
	}
	if !ok {
		return c, sqlerr.New(sqlerr.UndefinedObject, "type \"%s\" does not exist", match[1])
	}
	c.params = []types.Type{t.Plain()}
	c.columns = []engine.Column{{Name: "v", Type: t}}
	if strings.Contains(match[0], " AS b") {
		c.columns = []engine.Column{{Name: "t", Type: t}, {Name: "b", Type: t}}
	}
	c.run = func(_ context.Context, p *fakePortal, _ int64, w engine.RowWriter) (engine.Result, error) {
		v := p.args[0]
		if t.Mod != 0 && !v.Null {
			var err error
			if v, err = types.ParseText(t, types.AppendText(nil, t.Plain(), v)); err != nil {
				return engine.Result{}, err
			}
		}
		return p.one(w, []types.Datum{v, v}[:len(c.columns)]...)
	}
	return c, nil
}
