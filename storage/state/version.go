package state

// Version is the frozen state of an arrangement of any layout. Any number of goroutines may read it until it is released.
type Version struct{}

// Group is a key group between two arrangements.
type Group struct{}

// Retain adds a holder: Release must be called once more.
func (v *Version) Retain() *Version { return v }

// Release gives the version back; with the last holder go the pages that nothing else reaches.
func (v *Version) Release() {}

// Hashed reads a version of a Hashed.
func (v *Version) Hashed() *HashedReader { return nil }

// Ordered reads a version of an Ordered.
func (v *Version) Ordered() *OrderedReader { return nil }

// List reads a version of a List.
func (v *Version) List() *ListReader { return nil }

// DirtyPages calls write with each page that is not yet marked as stored: what an incremental snapshot has to write. The
// buffer is valid during the call only. A page id names one content for good, so writing one twice does no harm.
func (v *Version) DirtyPages(write func(PageID, []byte) error) error { return errNotYet }

// MarkStored says that the pages of DirtyPages are durable: later versions that share them do not give them again, and they
// may be evicted.
func (v *Version) MarkStored() {}

// Manifest appends the directory of the version with the ids of its pages: all that Open needs besides the pages.
func (v *Version) Manifest(dst []byte) []byte { return dst }

// Open gives the version that a manifest describes. Pages are read from mem's store when first used. The spec must be the
// one it was written with. Damage is a data_corrupted error.
func Open(mem *Memory, spec Spec, manifest []byte) (*Version, error) { return nil, errNotYet }

// ManifestPages gives the id of every page that a manifest refers to, for collecting pages that no snapshot needs.
func ManifestPages(manifest []byte, page func(PageID)) error { return errNotYet }
