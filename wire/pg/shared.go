package pg

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/vec"
)

var _ engine.Sharer = (*rowWriter)(nil)

// Form implements engine.Sharer: the bytes of a row depend on the formats of its columns, and a text perhaps on the time zone.
func (w *rowWriter) Form() string {
	form := make([]byte, 0, len(w.cols)+16)
	zone := ""
	for i, c := range w.cols {
		f := formatOf(w.formats, i)
		form = append(form, byte('0'+f))
		if f == formatBinary {
			continue
		}
		byZone, byNames := c.Type.TextDepends()
		if byNames {
			return ""
		}
		if byZone {
			zone = w.c.textEnv().Location().String()
		}
	}
	return string(form) + strings.TrimSpace(" "+zone)
}

// Encode implements engine.Sharer.
func (w *rowWriter) Encode(dst []byte, b *vec.Batch) ([]byte, error) {
	if len(w.encoders) < len(w.cols) {
		w.choose(b)
	}
	for k := range b.Rows() {
		row := b.Row(k)
		start, weight := len(dst), b.Weight(row)
		if weight < 0 {
			return dst, errNegative(weight)
		}
		if weight == 0 {
			continue
		}
		var err error
		if dst, err = w.dataRow(dst, b, row); err != nil {
			return dst, err
		}
		end := len(dst)
		for range weight - 1 {
			dst = append(dst, dst[start:end]...)
		}
	}
	return dst, nil
}

// Encoded implements engine.Sharer. It takes whole messages: where the run is called off between two of them, the stream stays whole.
func (w *rowWriter) Encoded(messages []byte, rows int64) error {
	o := &w.c.out
	for len(messages) > 0 {
		n := whole(messages, flushAt-len(o.buf))
		o.buf = append(slices.Grow(o.buf, n), messages[:n]...)
		messages = messages[n:]
		if len(o.buf) < flushAt && len(messages) == 0 {
			break
		}
		if err := w.spill(); err != nil {
			return err
		}
	}
	w.c.srv.metrics.Rows.Add(rows)
	return nil
}

// whole is the length of the first messages: about so many bytes, but one message at least.
func whole(messages []byte, about int) int {
	n := 0
	for n < len(messages) {
		next := n + 1 + int(binary.BigEndian.Uint32(messages[n+1:]))
		if n > 0 && next > about {
			break
		}
		n = next
	}
	return n
}
