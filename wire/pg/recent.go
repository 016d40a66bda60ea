package pg

import (
	"hash/maphash"

	"github.com/streamdb/streamdb/sql/engine"
)

const (
	// keptStatements is how many statements a connection keeps of texts that it sends again and again, and maxKeptText how long
	// their texts may be.
	keptStatements = 16
	maxKeptText    = 4 << 10
	// onceTexts is of how many texts it is remembered that they have come: one that comes once only is not kept.
	onceTexts = 64
)

// recent keeps a connection's statements of texts that came more than once, in simple Queries or in Parses without a name.
type recent struct {
	kept  []keptStatement
	once  [onceTexts]uint64 // the texts' hashes, each in its place
	unfit [onceTexts]unfit  // likewise
	uses  uint64
}

// unfit is a pattern that could not be prepared, and how often it is passed by before it is tried again: what it lacked may be there then.
type unfit struct {
	hash uint64
	left uint16
}

// tryAgain is how often a pattern that is unfit is passed by.
const tryAgain = 1000

// keptStatement is a statement, of which recent is a user.
type keptStatement struct {
	*statement
	types []uint32 // of the parameters, as Parse fixed them
	used  uint64   // the number of its last use
}

// find gives the statement of a text, if there is one and it is still what preparing the text would make.
func (r *recent) find(text string, types []uint32) *statement {
	for i := range r.kept {
		k := &r.kept[i]
		if k.query != text || !sameTypes(k.types, types) {
			continue
		}
		if s, ok := k.stmt.(engine.Repeatable); !ok || !s.Fresh() {
			r.drop(i)
			return nil
		}
		r.uses++
		k.used = r.uses
		return k.statement
	}
	return nil
}

func sameTypes(a, b []uint32) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// textSeed is the seed of the texts' hashes: the client does not know which texts share a place.
var textSeed = maphash.MakeSeed()

// offer keeps a statement that was just prepared, if its text has come before.
func (r *recent) offer(s *statement, types []uint32) {
	again, ok := s.stmt.(engine.Repeatable)
	if !ok || len(s.query) > maxKeptText || !again.Fresh() {
		return
	}
	if !r.again(s.query) {
		return
	}
	r.keep(s, types)
}

// came reports whether a text was noted before, as far as it is remembered; again notes it, too.
func (r *recent) came(text string) bool {
	hash := maphash.String(textSeed, text)
	return r.once[hash%onceTexts] == hash
}

func (r *recent) again(text string) bool {
	hash := maphash.String(textSeed, text)
	place := &r.once[hash%onceTexts]
	before := *place == hash
	*place = hash
	return before
}

// passBy reports whether a pattern has turned out to be unfit.
func (r *recent) passBy(text string) bool {
	hash := maphash.String(textSeed, text)
	x := &r.unfit[hash%onceTexts]
	if x.hash != hash || x.left == 0 {
		return false
	}
	x.left--
	return true
}

func (r *recent) setUnfit(text string) {
	hash := maphash.String(textSeed, text)
	r.unfit[hash%onceTexts] = unfit{hash, tryAgain}
}

// keep keeps a statement, in the place of another if there are many.
func (r *recent) keep(s *statement, types []uint32) {
	if len(r.kept) == keptStatements {
		r.drop(r.oldest())
	}
	s.users++
	r.uses++
	r.kept = append(r.kept, keptStatement{s, append([]uint32(nil), types...), r.uses})
}

func (r *recent) oldest() (at int) {
	for i := range r.kept {
		if r.kept[i].used < r.kept[at].used {
			at = i
		}
	}
	return at
}

// drop takes a statement out; portals of it stay what they are.
func (r *recent) drop(i int) {
	last := len(r.kept) - 1
	r.kept[i].release()
	r.kept[i] = r.kept[last]
	r.kept[last] = keptStatement{}
	r.kept = r.kept[:last]
}

// close lets go of all.
func (r *recent) close() {
	for len(r.kept) > 0 {
		r.drop(0)
	}
}
