package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
)

// distribution is how a subplan's rows lie among the tasks.
type distribution struct {
	// single says that one task has them all.
	single bool
	// hashes are lists of columns by the hash of which, each alone, a row's task is known: a join makes its two keys equal.
	hashes [][]logical.ColID
}

// spread is the distribution of a relation's rows: anyhow, unless there is one task only.
func (l *lowering) spread() distribution { return distribution{single: l.options.Tasks <= 1} }

// rename follows columns through a projection.
func (d distribution) rename(as map[logical.ColID]logical.ColID) distribution {
	out := distribution{single: d.single}
next:
	for _, h := range d.hashes {
		renamed := make([]logical.ColID, len(h))
		for i, c := range h {
			to, ok := as[c]
			if !ok {
				continue next
			}
			renamed[i] = to
		}
		out.hashes = append(out.hashes, renamed)
	}
	return out
}

// by reports whether rows are spread by exactly these columns.
func (d distribution) by(keys []logical.ColID) bool {
	return slices.ContainsFunc(d.hashes, func(h []logical.ColID) bool { return slices.Equal(h, keys) })
}

// orderLike gives the columns in the order in which the rows are spread by them already, or as they are.
func (d distribution) orderLike(cols []logical.ColID) []logical.ColID {
	want := logical.SetOf(cols...)
	for _, h := range d.hashes {
		if have := logical.SetOf(h...); len(h) == len(cols) && have.SubsetOf(want) && want.SubsetOf(have) {
			return h
		}
	}
	return cols
}

// after is the distribution above an operator that worked on rows brought together by keys.
func (d distribution) after(keys []logical.ColID) distribution {
	if d.single {
		return distribution{single: true}
	}
	return distribution{hashes: [][]logical.ColID{slices.Clone(keys)}}
}

// byKey brings the rows that agree in all keys into one task; without keys, all rows.
func (l *lowering) byKey(r rel, keys []logical.ColID) rel {
	if r.dist.single {
		return r
	}
	if len(keys) == 0 {
		return l.exchange(r, physical.Exchange{Exchange: physical.SingleExchange}, distribution{single: true})
	}
	return l.byHash(r, keys)
}

// byHash spreads the rows by the hash of the keys.
func (l *lowering) byHash(r rel, keys []logical.ColID) rel {
	if r.dist.by(keys) {
		return r
	}
	return l.exchange(r, physical.Exchange{Exchange: physical.HashExchange, Keys: r.positions(keys)}, distribution{}.after(keys))
}

// exchange repartitions a subplan. Each reader of a shared subplan has an exchange of its own, as an exchange leads into one stage.
func (l *lowering) exchange(r rel, x physical.Exchange, d distribution) rel {
	return l.add(&x, []rel{r}, rel{cols: r.cols, props: r.props, dist: d}, "")
}
