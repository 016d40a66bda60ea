package epoch

import (
	"github.com/streamdb/streamdb/storage/connector"
)

// Booking keeps an epoch a cut of every job until it is released: no step goes over it. A read books the epoch that it reads before any
// job can step past it, so views that are cut at different intervals can be read as of one epoch.
type Booking struct {
	Epoch uint64
	clock *Clock
}

// Release ends the booking. It may be called more than once.
func (b *Booking) Release() {
	if b.clock == nil {
		return
	}
	c := b.clock
	b.clock = nil
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.booked[b.Epoch]--; c.booked[b.Epoch] == 0 {
		delete(c.booked, b.Epoch)
	}
}

// book needs the clock's mutex.
func (c *Clock) book(epoch uint64) Booking {
	c.booked[epoch]++
	return Booking{Epoch: epoch, clock: c}
}

// Book books the newest closed epoch, and gives how far each of the sources (in the order given) had been let through at its end,
// by split.
func (c *Clock) Book(sources ...*Source) (Booking, []map[string]connector.Position) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var at []map[string]connector.Position
	for _, s := range sources {
		at = append(at, s.seen)
	}
	return c.book(c.Closed()), at
}

// BookNext books the epoch that will be closed next: no job can be past it.
func (c *Clock) BookNext() Booking {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.book(c.Closed() + 1)
}

// BookAt books an epoch that no job has stepped past: that of the catalog change which is under way, or of a restart.
func (c *Clock) BookAt(epoch uint64) Booking {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.book(epoch)
}

// Booked is the first epoch after one, up to another, that is booked; ok is false if there is none. A job asks before it begins a step
// up to an epoch that is closed: what is booked later is not before that.
func (c *Clock) Booked(after, upTo uint64) (epoch uint64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e := range c.booked {
		if e > after && e <= upTo && (!ok || e < epoch) {
			epoch, ok = e, true
		}
	}
	return epoch, ok
}
