package epoch

import (
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// pullRows is how many rows an epoch takes at most of a split that the clock reads itself.
const pullRows = 8 * vec.BatchSize

// puller is the clock's reader of a split of a source that is not divisible.
type puller struct {
	reader connector.Reader
	buf    *vec.Batch
	ended  bool
}

func (s *Source) openPull(split string) (*puller, error) {
	wanted := make([]int, len(s.Relation.Types))
	for i := range wanted {
		wanted[i] = i
	}
	r, err := s.Source.Open(split, s.positions[split], wanted)
	if err != nil {
		return nil, err
	}
	x := &puller{reader: r, buf: vec.NewBatch(s.Relation.Types, vec.BatchSize)}
	s.pulls[split] = x
	return x, nil
}

// next adds the split's next rows to what the source puts into the epoch.
func (x *puller) next(s *Source, split string, p *polled, now int64) error {
	from, had := s.positions[split], x.ended
	mark := NoMark
	at := from
	for rows := 0; rows < pullRows && !x.ended; {
		var err error
		if at, x.ended, err = x.reader.Poll(x.buf, vec.BatchSize, connector.MaxPosition); err != nil {
			return err
		}
		if x.buf.N == 0 {
			break
		}
		rows += x.buf.N
		p.batches = append(p.batches, x.buf.Clone())
		if s.MarkRows == nil {
			continue
		}
		m, err := s.MarkRows(x.buf, now)
		if err != nil {
			return err
		}
		mark = mark.And(m)
	}
	if at > from || x.ended && !had { // the end is told once, also where no row comes with it
		l := s.progress.lane(split)
		l.rows(mark, now)
		if x.ended {
			l.end()
		}
		p.ranges = append(p.ranges, relation.Range{Split: split, From: from, To: at})
	}
	return nil
}
