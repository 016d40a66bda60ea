package relation

// Frontiers are frontiers that are asked for together: that of a view follows from its inputs', and each is worked out once though many
// paths may lead to it. What was asked first may be a little older than what is asked last, which does no harm, as frontiers
// only rise. Not for use by several goroutines; nil remembers nothing.
type Frontiers struct{ known []knownFrontier }

type knownFrontier struct {
	of       *Relation
	frontier uint64
}

// Of is the epoch up to which a relation is complete.
func (f *Frontiers) Of(r *Relation) uint64 {
	if f == nil {
		return r.Frontier()
	}
	d := r.derived.Load()
	if !d.deep() {
		return d.Frontier(f)
	}
	for _, k := range f.known {
		if k.of == r {
			return k.frontier
		}
	}
	e := d.Frontier(f)
	f.known = append(f.known, knownFrontier{r, e})
	return e
}

// Frontier is the epoch up to which the relation is complete: its content is right for every epoch from its cut to there.
func (r *Relation) Frontier() uint64 {
	d := r.derived.Load()
	if !d.deep() {
		return d.Frontier(nil)
	}
	return d.Frontier(&Frontiers{})
}

// deep reports whether the relation is derived from derived ones, so that paths can meet.
func (d *Derivation) deep() bool {
	for _, u := range d.Upstream {
		if len(u.Upstream()) > 0 {
			return true
		}
	}
	return false
}
