package arch

import (
	"fmt"
	"slices"
	"strings"
)

// checkDirection holds imports of our packages against layers and never. Tests obey too: what a test needs from above its
// package belongs into a test above.
func checkDirection(t *tree) (faults []string) {
	for _, p := range t.sorted() {
		from := layerOf(p.dir)
		for _, f := range p.files {
			for _, imported := range f.imports() {
				to, ours := strings.CutPrefix(imported, module)
				if !ours {
					continue
				}
				if from == nil {
					faults = append(faults, fmt.Sprintf("%s: %s is in no layer; put it into one, or name its layer in rules_test.go", f.path, p.dir))
					continue
				}
				if !under(to, from.dir) && !underAny(to, from.may) {
					faults = append(faults, fmt.Sprintf("%s imports %s: %s. It may import %s; move the code, or pass what it needs from above",
						f.path, to, from.why, mayList(from)))
				}
				for _, n := range never {
					if underAny(p.dir, n.from) && underAny(to, n.to) && !underAny(p.dir, n.to) {
						faults = append(faults, fmt.Sprintf("%s imports %s: %s", f.path, to, n.why))
					}
				}
			}
		}
	}
	return faults
}

// layerOf is the most specific layer that a folder is in, nil if none.
func layerOf(dir string) *layer {
	var best *layer
	for i := range layers {
		if l := &layers[i]; under(dir, l.dir) && (best == nil || len(l.dir) > len(best.dir)) {
			best = l
		}
	}
	return best
}

func mayList(l *layer) string { return strings.Join(append([]string{l.dir}, l.may...), ", ") }

// checkOwners finds libraries imported by others than their owners.
func checkOwners(t *tree) (faults []string) {
	for _, p := range t.sorted() {
		for _, f := range p.files {
			for _, imported := range f.imports() {
				for _, o := range owners {
					if under(imported, o.library) && !under(p.dir, o.owner) {
						faults = append(faults, fmt.Sprintf("%s imports %s: only %s does, as %s. Ask %s for what you need",
							f.path, imported, o.owner, o.why, o.owner))
					}
				}
			}
		}
	}
	return faults
}

// checkCycles finds circles of imports between areas. The compiler refuses circles of packages only, but a folder and the
// folders below it are one thing to whoever reads them.
func checkCycles(t *tree) (faults []string) {
	edges := map[string][]string{} // area → areas that its sources import
	for _, p := range t.sorted() {
		for _, f := range p.sources() {
			for _, imported := range f.imports() {
				to, ours := strings.CutPrefix(imported, module)
				if from, to := area(p.dir), area(to); ours && from != to && !slices.Contains(edges[from], to) {
					edges[from] = append(edges[from], to)
				}
			}
		}
	}
	state := map[string]int{} // 1: on the path, 2: done
	var visit func(at string, path []string)
	visit = func(at string, path []string) {
		switch state[at] {
		case 1:
			circle := append(path[slices.Index(path, at):], at)
			faults = append(faults, fmt.Sprintf("import circle %s: one of them is two packages, or knows too much", strings.Join(circle, " → ")))
			return
		case 2:
			return
		}
		state[at] = 1
		for _, to := range edges[at] {
			visit(to, append(slices.Clone(path), at))
		}
		state[at] = 2
	}
	for _, p := range t.sorted() {
		visit(area(p.dir), nil)
	}
	return faults
}

// area is a folder of the second level, with all below it.
func area(dir string) string {
	parts := strings.SplitN(dir, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}
