package delimited

import (
	"fmt"

	"github.com/streamdb/streamdb/storage/format"
)

// valueError adds the context of an error in a value.
func (d *Decoder) valueError(i, c int, err error) error {
	value := d.null
	if s := d.fields.cols[c][i]; s != nullField {
		value = d.fields.bytes(d.lines.buf, s)
	}
	return format.Within(err, fmt.Sprintf("%s, column %s: \"%s\"", d.lineNumber(i), d.cols[c].Name, clip(value)))
}

// lineError adds the context of what is wrong with the last line.
func (d *Decoder) lineError(fail *failure) error {
	i := len(d.rows) - 1
	if fail.hasText {
		return format.Within(fail.err, d.Where(i))
	}
	return format.Within(fail.err, d.lineNumber(i))
}

// Where implements format.Decoder.
func (d *Decoder) Where(i int) string {
	line := d.rows[i].line
	return fmt.Sprintf("%s: \"%s\"", d.lineNumber(i), clip(d.lines.buf[line.Off:line.Off+line.Len]))
}

func (d *Decoder) lineNumber(i int) string {
	return fmt.Sprintf("%s, line %d", d.opt.Context, d.rows[i].number)
}
