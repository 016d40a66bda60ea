package parse

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
)

// tree gives a node as an S-expression: its kind and the fields that are set,
// without positions. Two nodes are the same tree if their texts are equal.
func tree(n any) string {
	var b strings.Builder
	writeTree(&b, reflect.ValueOf(n))
	return b.String()
}

func writeTree(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			writeTree(b, v.Elem())
		}
	case reflect.Slice:
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(' ')
			}
			writeTree(b, v.Index(i))
		}
		b.WriteByte(']')
	case reflect.String:
		b.WriteString(strconv.Quote(v.String()))
	case reflect.Struct:
		writeStruct(b, v)
	default:
		fmt.Fprint(b, v.Interface())
	}
}

func writeStruct(b *strings.Builder, v reflect.Value) {
	if name, ok := v.Interface().(ast.Name); ok {
		b.WriteString(ast.FormatName(name.Parts...))
		return
	}
	b.WriteString("(" + v.Type().Name())
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Name == "Pos" || f.Name == "Offset" && f.Type.Kind() == reflect.Int ||
			f.Name == "QueryText" || f.Name == "Text" && (v.Type().Name() == "Prepare" || v.Type().Name() == "Stmt") {
			continue
		}
		if name, ok := v.Field(i).Interface().(ast.Name); ok && name.Parts == nil {
			continue
		}
		if v.Field(i).IsZero() || f.Type.Kind() == reflect.Slice && v.Field(i).Len() == 0 {
			continue
		}
		b.WriteString(" " + f.Name + ":")
		writeTree(b, v.Field(i))
	}
	b.WriteByte(')')
}
