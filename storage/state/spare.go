package state

import (
	"sync"
	"unsafe"
)

// spares are the buffers of pages that nothing refers to any more, by size class, waiting for reuse. After a freeze of state that is written at
// random nearly every page is copied within some hundredths of a second, and when the frozen version has gone as many come back: taken
// from here a copy costs half of what it does in new memory, which has to be mapped, cleared and later collected.
type spares struct {
	mu sync.Mutex
	// live is how many buffers of each class are in use, and free are those that wait.
	live  [numClasses]int
	free  [numClasses][]unsafe.Pointer
	bytes int64
	// copied is how many of any class were filled with a copy since the last reservation, when so many were in use.
	copied, were int
	// low is the fewest of each class that have waited since the last trim: nobody has needed them.
	low [numClasses]int
}

// alwaysSpare is how many bytes of a class may wait however few buffers of it are in use.
const alwaysSpare = 1 << 20

// take gives a buffer of a class, with unspecified content, to copy a page into or for another use; nil if none waits, and the caller is to make one.
func (s *spares) take(class int, copied bool) unsafe.Pointer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live[class]++
	if copied {
		s.copied++
	}
	if len(s.free[class]) == 0 {
		return nil
	}
	return s.pop(class)
}

// lose says that a buffer in use is given to the garbage collector.
func (s *spares) lose(class int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live[class]--
}

// put takes a buffer back. As many of a class wait as are in use, as more can never be copied at once; the rest goes to the garbage
// collector, and when fewer are in use, as the pages of growing state all become larger, one that waits goes with each that comes.
func (s *spares) put(class int, p unsafe.Pointer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live[class]--
	if most := max(s.live[class], alwaysSpare/classSize(class)); len(s.free[class]) >= most {
		if len(s.free[class]) > most {
			s.pop(class)
		}
		return
	}
	s.free[class] = append(s.free[class], p)
	s.bytes += int64(classSize(class))
}

func (s *spares) pop(class int) unsafe.Pointer {
	list := s.free[class]
	n := len(list) - 1
	p := list[n]
	list[n] = nil
	s.free[class], s.low[class] = list[:n], min(s.low[class], n)
	s.bytes -= int64(classSize(class))
	return p
}

// trim gives up the buffers that nobody has needed since the last trim.
func (s *spares) trim() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c, list := range s.free {
		kept := max(len(list)-s.low[c], min(len(list), alwaysSpare/classSize(c)))
		s.bytes -= int64(len(list)-kept) * int64(classSize(c))
		clear(list[kept:])
		s.free[c], s.low[c] = list[:kept], kept
	}
}

// missing is the class of a buffer that will be wanted when the state is frozen next, and none waits; false: all do. As great a part of
// the pages is expected to be copied as was after the last reservation.
func (s *spares) missing(from int) (class int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := from; c < numClasses; c++ {
		if s.were > 0 && len(s.free[c]) < s.live[c]*min(s.copied, s.were)/s.were {
			return c, true
		}
	}
	return numClasses, false
}

// add takes a new buffer to wait.
func (s *spares) add(class int, p unsafe.Pointer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free[class] = append(s.free[class], p)
	s.bytes += int64(classSize(class))
}

// begin begins to count copies anew.
func (s *spares) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.copied, s.were = 0, 0
	for _, n := range s.live {
		s.were += n
	}
}

// Reserve makes the buffers ready that will be needed at once when the state has been frozen: what nobody waits for here would be waited for
// by rows. It is called before a snapshot, by one at a time; between is called after each buffer.
func (m *Memory) Reserve(between func()) {
	for class, ok := m.spares.missing(0); ok; class, ok = m.spares.missing(class) {
		b := make([]uint64, classSize(class)/8)
		for i := 0; i < len(b); i += osPage / 8 {
			b[i] = 1 // new memory is mapped when it is written first
		}
		m.spares.add(class, unsafe.Pointer(unsafe.SliceData(b)))
		between()
	}
	m.spares.begin()
}

// osPage is the least unit in which systems map memory.
const osPage = 4 << 10

// Trim gives up the buffers that wait for reuse and were not needed since the last call.
func (m *Memory) Trim() { m.spares.trim() }

// Spare is how many bytes of buffers wait for reuse. They are not among Bytes.
func (m *Memory) Spare() int64 {
	m.spares.mu.Lock()
	defer m.spares.mu.Unlock()
	return m.spares.bytes
}
