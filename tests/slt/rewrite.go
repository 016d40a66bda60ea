package slt

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// edit replaces a record's first line, if there is one, and its answer, if it is a query.
type edit struct {
	header string
	rows   []string
}

// rewrite writes the file with edits applied to it.
func (f *file) rewrite(edits map[*record]edit) error {
	var out []string
	at := 0
	for _, r := range f.records {
		e, ok := edits[r]
		if !ok {
			continue
		}
		out = append(out, f.lines[at:r.header]...)
		if e.header != "" {
			out = append(out, e.header)
		} else {
			out = append(out, f.lines[r.header])
		}
		at = r.header + 1
		if r.kind == query {
			out = append(out, f.lines[at:r.answer]...)
			if out[len(out)-1] != "----" {
				out = append(out, "----")
			}
			out = append(out, e.rows...)
			at = r.next
		}
	}
	out = append(out, f.lines[at:]...)
	return os.WriteFile(f.name, []byte(strings.Join(out, "\n")+"\n"), 0o644)
}

// correct is the edit that makes a record agree with what a system answered.
func (r *record) correct(a answer) (edit, error) {
	switch {
	case r.kind == statementError && a.err == nil:
		return edit{}, fmt.Errorf("succeeded, error %s expected", r.code)
	case r.kind == statementError && r.code == "?":
		return edit{header: fmt.Sprintf("statement error %s %s", a.err.Code, regexp.QuoteMeta(a.err.Message))}, nil
	case r.kind == statementError:
		words := []string{"statement error", a.err.Code}
		if r.message != nil {
			words = append(words, r.message.String())
		}
		return edit{header: strings.Join(words, " ")}, nil
	case a.err != nil:
		return edit{}, a.err
	case r.kind == statementCount:
		return edit{header: fmt.Sprintf("statement count %d", a.count)}, nil
	case r.kind == query:
		words := []string{"query", a.types}
		if r.rowsort {
			words = append(words, "rowsort")
		}
		if r.noview {
			words = append(words, "noview")
		}
		if len(r.hide) > 0 {
			words = append(words, "hide="+columnList(r.hide))
		}
		return edit{header: strings.Join(words, " "), rows: a.shown(r)}, nil
	}
	return edit{}, nil
}

func columnList(columns []int) string {
	names := make([]string, 0, len(columns))
	for _, c := range slices.Sorted(slices.Values(columns)) {
		names = append(names, fmt.Sprint(c+1))
	}
	return strings.Join(names, ",")
}
