package kv

type opKind uint8

const (
	opSet opKind = iota
	opDelete
	opDeleteRange
)

// op is one change; for opDeleteRange, value is the range's upper end.
type op struct {
	kind       opKind
	key, value span
}

type span struct{ from, to int }

// Batch is a list of changes that Commit applies in order and as one. The zero Batch is empty and ready. Keys and values
// are copied into one buffer, which Reset keeps.
type Batch struct {
	ops []op
	buf []byte
}

// Set gives key a value.
func (b *Batch) Set(key, value []byte) {
	b.ops = append(b.ops, op{opSet, b.put(key), b.put(value)})
}

// SetInPlace gives key a value that fill appends to the buffer it is given: for values that are encoded anyway, which
// are then not copied.
func (b *Batch) SetInPlace(key []byte, fill func(dst []byte) []byte) {
	k := b.put(key)
	from := len(b.buf)
	b.buf = fill(b.buf)
	b.ops = append(b.ops, op{opSet, k, span{from, len(b.buf)}})
}

// Delete removes key, if it is there.
func (b *Batch) Delete(key []byte) {
	b.ops = append(b.ops, op{kind: opDelete, key: b.put(key)})
}

// DeleteRange removes all keys of r, whose bounds must both be set. An empty range does nothing.
func (b *Batch) DeleteRange(r Range) {
	if string(r.Lower) >= string(r.Upper) {
		return
	}
	b.ops = append(b.ops, op{opDeleteRange, b.put(r.Lower), b.put(r.Upper)})
}

// AppendBatch adds the changes of c after those of b. A nil c adds nothing.
func (b *Batch) AppendBatch(c *Batch) {
	if c == nil {
		return
	}
	for _, o := range c.ops {
		b.ops = append(b.ops, op{o.kind, b.put(c.bytes(o.key)), b.put(c.bytes(o.value))})
	}
}

// Len is the number of changes.
func (b *Batch) Len() int { return len(b.ops) }

// Size is the number of bytes of all keys and values.
func (b *Batch) Size() int { return len(b.buf) }

// maxKeptBuffer is the largest buffer that Reset keeps: one large commit must not hold memory for good.
const maxKeptBuffer = 4 << 20

// Reset empties the batch.
func (b *Batch) Reset() {
	b.ops, b.buf = b.ops[:0], b.buf[:0]
	if cap(b.buf) > maxKeptBuffer {
		b.ops, b.buf = nil, nil
	}
}

func (b *Batch) put(p []byte) span {
	from := len(b.buf)
	b.buf = append(b.buf, p...)
	return span{from, len(b.buf)}
}

func (b *Batch) bytes(s span) []byte { return b.buf[s.from:s.to:s.to] }

func (b *Batch) clone() *Batch {
	return &Batch{ops: append([]op(nil), b.ops...), buf: append([]byte(nil), b.buf...)}
}
