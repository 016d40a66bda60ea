//go:build invariants

package state

import "unsafe"

// poison fills a released buffer with a pattern that no reader can take for rows.
func poison(p unsafe.Pointer, size int) {
	b := unsafe.Slice((*byte)(p), size)
	for i := range b {
		b[i] = 0xdb
	}
}

// poisonBytes does so with a buffer that a batch has no right to any more, and says that it is not to be used again.
func poisonBytes(b []byte) bool {
	for i := range b {
		b[i] = 0xdb
	}
	return true
}
