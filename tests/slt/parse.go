package slt

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// kind is what a record does.
type kind int

const (
	statementOK kind = iota
	statementCount
	statementError
	query
	restart
)

// file is a parsed file. Its lines are kept, so that rewriting changes nothing but answers.
type file struct {
	name    string
	lines   []string
	records []*record
}

// record is a statement or query with what it must answer.
type record struct {
	kind       kind
	sql        string
	connection string   // "" is the first one
	skipIf     []string // systems that leave it out
	onlyIf     string   // the one system that runs it; "" is all

	count   int64          // statementCount
	code    string         // statementError: SQLSTATE, or ? to be filled in
	message *regexp.Regexp // statementError: nil is any
	types   string         // query
	rows    []string       // query
	rowsort bool
	noview  bool
	hide    []int // columns from 0

	header       int // index of its first line in file.lines
	answer, next int // index of the line after ---- and of the line after the answer
}

// runsOn says whether a system runs the record.
func (r *record) runsOn(system string) bool {
	return !slices.Contains(r.skipIf, system) && (r.onlyIf == "" || r.onlyIf == system)
}

// parseFile reads a file.
func parseFile(name string) (*file, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	p := &parser{file: &file{name: name, lines: strings.Split(strings.TrimRight(string(data), "\n"), "\n")}}
	if err := p.run(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, p.at+1, err)
	}
	return p.file, nil
}

type parser struct {
	*file
	at      int
	pending record // what directives say of the next record
}

func (p *parser) run() error {
	for p.at < len(p.lines) {
		line := p.lines[p.at]
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(line, "#") {
			p.at++
			continue
		}
		if words[0] == "halt" {
			return nil
		}
		if err := p.directive(words); err != nil {
			return err
		}
	}
	return nil
}

// directive reads one directive and, if it is a record, its SQL and answer.
func (p *parser) directive(words []string) error {
	arg := strings.Join(words[1:], " ")
	switch words[0] {
	case "connection":
		p.pending.connection = arg
	case "skipif":
		p.pending.skipIf = append(p.pending.skipIf, arg)
	case "onlyif":
		p.pending.onlyIf = arg
	case "restart":
		p.records = append(p.records, &record{kind: restart, header: p.at})
	case "statement", "query":
		return p.record(words)
	default:
		return fmt.Errorf("unknown directive %q", words[0])
	}
	p.at++
	return nil
}

func (p *parser) record(words []string) error {
	r := p.pending
	p.pending = record{}
	r.header = p.at
	if err := r.parseHeader(words); err != nil {
		return err
	}
	from := p.at + 1
	for p.at = from; p.at < len(p.lines) && p.lines[p.at] != "" && p.lines[p.at] != "----"; p.at++ {
	}
	if r.sql = strings.Join(p.lines[from:p.at], "\n"); r.sql == "" {
		return fmt.Errorf("%s without SQL", words[0])
	}
	r.answer, r.next = p.at, p.at
	if r.kind == query && p.at < len(p.lines) && p.lines[p.at] == "----" {
		r.answer = p.at + 1
		for p.at = r.answer; p.at < len(p.lines) && p.lines[p.at] != ""; p.at++ {
		}
		r.next = p.at
		r.rows = p.lines[r.answer:r.next]
	}
	p.records = append(p.records, &r)
	return nil
}

// parseHeader reads the line that begins a record.
func (r *record) parseHeader(words []string) (err error) {
	if words[0] == "query" {
		r.kind = query
		return r.parseOptions(words[1:])
	}
	switch {
	case len(words) == 2 && words[1] == "ok":
		r.kind = statementOK
	case len(words) == 3 && words[1] == "count":
		r.kind = statementCount
		r.count, err = strconv.ParseInt(words[2], 10, 64)
	case len(words) >= 3 && words[1] == "error":
		r.kind, r.code = statementError, words[2]
		if len(words) > 3 {
			r.message, err = regexp.Compile(strings.Join(words[3:], " "))
		}
	default:
		err = fmt.Errorf("a statement is ok, count N, or error SQLSTATE, not %q", strings.Join(words[1:], " "))
	}
	return err
}

func (r *record) parseOptions(words []string) error {
	for i, w := range words {
		hide, isHide := strings.CutPrefix(w, "hide=")
		switch {
		case w == "rowsort":
			r.rowsort = true
		case w == "nosort":
			r.rowsort = false
		case w == "noview":
			r.noview = true
		case isHide:
			for _, n := range strings.Split(hide, ",") {
				column, err := strconv.Atoi(n)
				if err != nil {
					return err
				}
				r.hide = append(r.hide, column-1)
			}
		case i == 0:
			r.types = w
		default:
			return fmt.Errorf("unknown option %q", w)
		}
	}
	return nil
}
