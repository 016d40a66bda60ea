package system

import (
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// attribute is a column of a relation or index, with its number from 1.
type attribute struct {
	of  class
	num int
	catalog.Column
}

func attributes(s *scan, emit func(attribute) error) error {
	return classes(s, func(c class) error {
		for i, col := range c.attributes() {
			if err := emit(attribute{c, i + 1, col}); err != nil {
				return err
			}
		}
		return nil
	})
}

var pgAttribute = table[attribute]{
	oid: 1249, name: "pg_attribute",
	columns: `attrelid oid!, attname name!, atttypid oid!, attstattarget integer!, attlen smallint!, attnum smallint!, attndims integer!,
		attcacheoff integer!, atttypmod integer!, attbyval boolean!, attalign "char"!, attstorage "char"!, attcompression "char"!,
		attnotnull boolean!, atthasdef boolean!, atthasmissing boolean!, attidentity "char"!, attgenerated "char"!,
		attisdropped boolean!, attislocal boolean!, attinhcount integer!, attcollation oid!, attacl aclitem[], attoptions text[],
		attfdwoptions text[], attmissingval anyarray`,
	rows: attributes,
	values: values[attribute]{
		"attrelid":      func(a attribute) types.Datum { return num(a.of.oid) },
		"attname":       func(a attribute) types.Datum { return str(a.Name) },
		"atttypid":      func(a attribute) types.Datum { return num(a.Type.OID()) },
		"attstattarget": always[attribute](num(-1)),
		"attlen":        func(a attribute) types.Datum { return num(a.Type.TypLen()) },
		"attnum":        func(a attribute) types.Datum { return num(a.num) },
		"attndims":      func(a attribute) types.Datum { return num(dimensions(a.Type)) },
		"attcacheoff":   always[attribute](num(-1)),
		"atttypmod":     func(a attribute) types.Datum { return num(a.Type.Typmod()) },
		"attbyval":      func(a attribute) types.Datum { return flag(byValue(a.Type)) },
		"attalign":      func(a attribute) types.Datum { return letter(alignment(a.Type)) },
		"attstorage":    func(a attribute) types.Datum { return letter(storage(a.Type)) },
		"attnotnull":    func(a attribute) types.Datum { return flag(a.NotNull) },
		"atthasdef":     func(a attribute) types.Datum { return flag(a.Default != "") },
		"attidentity":   func(a attribute) types.Datum { return letter(a.Identity) },
		"attislocal":    always[attribute](flag(true)),
		"attcollation":  func(a attribute) types.Datum { return num(collation(a.Type)) },
	},
}

func dimensions(t types.Type) int {
	if t.Array {
		return 1
	}
	return 0
}

// byValue is pg_type.typbyval: types of at most eight bytes are passed by value, but for those that are not numbers.
func byValue(t types.Type) bool {
	n := t.TypLen()
	return n == 1 || n == 2 || n == 4 || n == 8
}

// alignment is pg_type.typalign. Arrays are aligned as their elements, at least to four bytes.
func alignment(t types.Type) byte {
	a := types.Table[t.ID].Align
	if t.Array && a != 'd' {
		return 'i'
	}
	return a
}

// storage is pg_type.typstorage: arrays can be compressed and moved out of line.
func storage(t types.Type) byte {
	if t.Array {
		return 'x'
	}
	return types.Table[t.ID].Storage
}

// collation is pg_type.typcollation: that of names is "C", that of other texts the default.
func collation(t types.Type) uint32 {
	switch t.ID {
	case types.Name:
		return collationC
	case types.Text, types.Varchar, types.BPChar, types.PGNodeTree:
		return collationDefault
	}
	return 0
}

// columnDefault is a column's default with its text.
type columnDefault struct {
	attribute
	text string
}

var pgAttrdef = table[columnDefault]{
	oid: 2604, name: "pg_attrdef",
	columns: `oid oid!, adrelid oid!, adnum smallint!, adbin pg_node_tree!`,
	rows: func(s *scan, emit func(columnDefault) error) error {
		return attributes(s, func(a attribute) error {
			if a.Default == "" {
				return nil
			}
			return emit(columnDefault{a, s.defaultText(a.Column)})
		})
	},
	values: values[columnDefault]{
		"oid":     func(d columnDefault) types.Datum { return num(defaultOID(d.attribute)) },
		"adrelid": func(d columnDefault) types.Datum { return num(d.of.oid) },
		"adnum":   func(d columnDefault) types.Datum { return num(d.num) },
		"adbin":   func(d columnDefault) types.Datum { return str(d.text) },
	},
}

// defaultText is a default as PostgreSQL prints it: a sequence goes by the name that finds it, and a text says its type.
func (s *scan) defaultText(c catalog.Column) string {
	if c.Sequence != 0 && strings.HasPrefix(c.Default, "nextval(") {
		env := &fn.Ctx{}
		env.Use(s.env)
		return "nextval(" + ast.QuoteLiteral(env.Text(types.T(types.Regclass), num(c.Sequence))) + "::regclass)"
	}
	if isLiteral(c.Default) {
		return c.Default + "::" + types.Format(c.Type.Plain())
	}
	return c.Default
}

// isLiteral reports whether an expression is one text in quotes.
func isLiteral(expr string) bool {
	if len(expr) < 2 || expr[0] != '\'' || expr[len(expr)-1] != '\'' {
		return false
	}
	return !strings.Contains(strings.ReplaceAll(expr[1:len(expr)-1], "''", ""), "'")
}

// defaultOID numbers a column's default. The catalog gives defaults no numbers, so they are made of the relation's and the
// column's; the upper half of the range keeps them apart from others'.
func defaultOID(a attribute) uint32 {
	const maxColumns = 1600
	return 1<<31 | (a.of.oid*maxColumns + uint32(a.num-1))
}
