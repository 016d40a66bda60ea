package state

// OpenManifest gives the version that a manifest describes, of an arrangement like this one: Open with its own Memory and Spec.
func (w *writer) OpenManifest(manifest []byte) (*Version, error) {
	return Open(w.mem, w.lay.spec, manifest)
}

// OpenManifest is that of the other arrangements.
func (s *sliced[T]) OpenManifest(manifest []byte) (*Version, error) {
	return Open(s.mem, s.lay.spec, manifest)
}
