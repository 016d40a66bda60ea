package nexmark

import (
	"math/bits"
	"strconv"
	"sync"

	"github.com/streamdb/streamdb/sql/vec"
)

// The vocabulary of the Nexmark project.
var (
	firstNames  = []string{"Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"}
	lastNames   = []string{"Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"}
	cities      = []string{"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"}
	states      = []string{"AZ", "CA", "ID", "OR", "WA", "WY"}
	hotChannels = [hotChannelCount]string{"Google", "Facebook", "Baidu", "Apple"}
)

const (
	coldChannels    = 10_000
	hotChannelCount = 4 // len(hotChannels)
	urlBase         = "https://www.nexmark.com/"
	urlPage         = "item.htm?query=1"
	channelIDOf     = 10 // all but one of so many cold channels have their id in the URL

	// Random text is cut from pools: any of poolOffsets places, up to poolTail bytes.
	poolOffsets = 1 << 16
	poolTail    = 1 << 9
	spaceOf     = 13 // one of so many bytes of prose is a space

	// poolSeed is the seed of pools and URLs, the same for all streams: "nexmark" read as a big-endian number.
	poolSeed = 0x6e65786d61726b
)

// table is a list of texts that spans point into.
type table struct {
	data  []byte
	spans []vec.Span
}

func (t *table) add(parts ...string) {
	from := len(t.data)
	for _, p := range parts {
		t.data = append(t.data, p...)
	}
	t.spans = append(t.spans, vec.Span{Off: uint32(from), Len: uint32(len(t.data) - from)})
}

func newTable(words []string) table {
	var t table
	for _, w := range words {
		t.add(w)
	}
	return t
}

// texts are what all text columns are cut from; never written after they are made, so batches of all streams share them.
type texts struct {
	letters []byte // a to z
	prose   []byte // the same, with spaces
	names   table  // first name f and last name l at f*len(lastNames)+l
	cities  table
	states  table
	// channels and urls have the cold ones first and then the hot ones.
	channels table
	urls     table
}

var sharedTexts = sync.OnceValue(func() *texts {
	t := &texts{cities: newTable(cities), states: newTable(states)}
	t.makePools()
	for _, f := range firstNames {
		for _, l := range lastNames {
			t.names.add(f, " ", l)
		}
	}
	for c := range uint64(coldChannels) {
		t.channels.add("channel-", strconv.FormatUint(c, 10))
		t.urls.add(t.url(c))
	}
	for h, name := range hotChannels {
		t.channels.add(name)
		t.urls.add(t.url(coldChannels + uint64(h)))
	}
	return t
})

// Lanes of poolSeed.
const (
	laneLetters  = 0
	laneURLPath  = 1
	laneURLQuery = 2
)

func (t *texts) makePools() {
	t.letters = make([]byte, poolOffsets+poolTail)
	t.prose = make([]byte, poolOffsets+poolTail)
	s := newStream(poolSeed, laneLetters)
	for i := range t.letters {
		w := s.at(uint64(i))
		t.letters[i] = byte('a' + low32(w, 26))
		t.prose[i] = t.letters[i]
		if high32(w, spaceOf) == 0 {
			t.prose[i] = ' '
		}
	}
}

// url is the URL of channel c: three folders of three or four letters (with _ for spaces) and, for most of the cold ones, the
// channel's id, which is its number's bits reversed.
func (t *texts) url(c uint64) string {
	b := []byte(urlBase)
	w := newStream(poolSeed, laneURLPath).at(c)
	for k := range uint64(3) {
		off, n := w>>(16*k)&0xffff, 3+w>>(48+k)&1
		for _, letter := range t.prose[off : off+n] {
			if letter == ' ' {
				letter = '_'
			}
			b = append(b, letter)
		}
		b = append(b, '/')
	}
	b = append(b, urlPage...)
	if c < coldChannels && low32(newStream(poolSeed, laneURLQuery).at(c), channelIDOf) > 0 {
		b = append(b, "&channel_id="...)
		b = strconv.AppendUint(b, channelID(uint32(c)), 10)
	}
	return string(b)
}

// channelID is the absolute value of the 32 bits of c in reverse order, read as a signed number.
func channelID(c uint32) uint64 {
	r := int64(int32(bits.Reverse32(c)))
	return uint64(max(r, -r))
}

// trimmed is where the n bytes of prose at off lie without spaces at either end.
func (t *texts) trimmed(off, n uint64) vec.Span {
	s := t.prose[off : off+n]
	for len(s) > 0 && s[0] == ' ' {
		s = s[1:]
		off++
	}
	for len(s) > 0 && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return vec.Span{Off: uint32(off), Len: uint32(len(s))}
}
