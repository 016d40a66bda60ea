package nexmark

import (
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

const (
	lanePersonName = iota
	lanePersonEmail
	lanePersonCard
	lanePersonCity
)

const (
	emailSuffix = ".com"
	cardLength  = 19 // four groups of four digits
)

// personColumns are the columns of person. Without extra a record has 69 bytes on average (numbers and times count as eight),
// so extra has 131.
var personColumns = []column{
	{connector.Column{Name: "id", Type: bigint, Doc: "counts from 1000"}, fillPersonID},
	{connector.Column{Name: "name", Type: text, Doc: "first and last name"}, fillName},
	{connector.Column{Name: "email_address", Type: text, Doc: "random letters"}, fillEmail},
	{connector.Column{Name: "credit_card", Type: text, Doc: "sixteen digits in groups of four"}, fillCard},
	wordColumn("city", "one of ten", lanePersonCity, 0, func(t *texts) *table { return &t.cities }),
	wordColumn("state", "one of six, whatever the city", lanePersonCity, 1, func(t *texts) *table { return &t.states }),
	dateTime,
	extraColumn(131-26, 2*26),
}

// The fills of a person go row by row: a run is one row, as a group has one person.

func fillPersonID(_ *generator, runs []run, v *vec.Vector) {
	for _, r := range runs {
		v.I64[r.from] = int64(firstPersonID + r.group)
	}
}

func fillName(g *generator, runs []run, v *vec.Vector) {
	s := g.lane(lanePersonName)
	share(v, g.texts.names.data)
	for i, r := range runs {
		w := s.at(r.first)
		first, last := field16(w, 0, uint64(len(firstNames))), field16(w, 1, uint64(len(lastNames)))
		v.Str[i] = g.texts.names.spans[first*uint64(len(lastNames))+last]
	}
}

// fillEmail writes three to six letters, @, three or four letters, .com.
func fillEmail(g *generator, runs []run, v *vec.Vector) {
	const longest = 6 + 1 + 4 + len(emailSuffix)
	s, letters := g.lane(lanePersonEmail), g.texts.letters
	b := make([]byte, 0, longest*len(runs))
	for i, r := range runs {
		w, from := s.at(r.first), len(b)
		off, size := w>>16&0xffff, 3+field16(w, 0, 4)
		b = append(b, letters[off:off+size]...)
		b = append(b, '@')
		off, size = w>>48, 3+field16(w, 2, 2)
		b = append(b, letters[off:off+size]...)
		b = append(b, emailSuffix...)
		v.Str[i] = vec.Span{Off: uint32(from), Len: uint32(len(b) - from)}
	}
	v.Data = b
}

// fillCard writes four groups of four digits.
func fillCard(g *generator, runs []run, v *vec.Vector) {
	s := g.lane(lanePersonCard)
	b := make([]byte, cardLength*len(runs))
	for i, r := range runs {
		card, w := b[i*cardLength:(i+1)*cardLength], s.at(r.first)
		for k := range uint64(4) {
			if k > 0 {
				card[5*k-1] = ' '
			}
			d := field16(w, k, 10_000)
			card[5*k], card[5*k+1], card[5*k+2], card[5*k+3] = byte('0'+d/1000), byte('0'+d/100%10), byte('0'+d/10%10), byte('0'+d%10)
		}
		v.Str[i] = vec.Span{Off: uint32(i * cardLength), Len: cardLength}
	}
	v.Data = b
}
