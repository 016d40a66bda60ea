package arch

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// checkTopLevel finds what does not belong at the top level.
func checkTopLevel(t *tree) (faults []string) {
	for _, e := range t.top {
		name := e.Name()
		if strings.HasPrefix(name, ".") || slices.Contains(topLevel, name) || t.isIgnored(name) {
			continue
		}
		faults = append(faults, fmt.Sprintf("%s: nothing else stands at the top level; put it into one of %s", name, strings.Join(topLevel, ", ")))
	}
	return faults
}

// checkDoc wants one package comment in each package, where a reader looks for it: in doc.go, or in the file named after
// the package if that is all there is to read first.
func checkDoc(t *tree) (faults []string) {
	for _, p := range t.sorted() {
		var documented []string
		for _, f := range p.sources() {
			if f.Doc != nil {
				documented = append(documented, path.Base(f.path))
			}
		}
		switch len(documented) {
		case 0:
			faults = append(faults, p.dir+": no package comment; write a doc.go that says the package's job and its invariants")
		case 1:
			if d := documented[0]; d != "doc.go" && d != "main.go" && d != path.Base(p.dir)+".go" {
				faults = append(faults, fmt.Sprintf("%s/%s has the package comment; move it to doc.go", p.dir, d))
			}
		default:
			faults = append(faults, fmt.Sprintf("%s: several package comments (%s); keep the one in doc.go", p.dir, strings.Join(documented, ", ")))
		}
	}
	return faults
}

// checkSize finds files that are too long to be one idea.
func checkSize(t *tree) (faults []string) {
	for _, p := range t.sorted() {
		for _, f := range p.sources() {
			if f.lines > maxLines {
				faults = append(faults, fmt.Sprintf("%s has %d lines, more than %d; split it, an idea a file", f.path, f.lines, maxLines))
			}
		}
	}
	return faults
}

// checkNames finds packages with names that say nothing.
func checkNames(t *tree) (faults []string) {
	for _, p := range t.sorted() {
		for _, part := range strings.Split(p.dir, "/") {
			if slices.Contains(vagueNames, part) {
				faults = append(faults, fmt.Sprintf("%s: %q says nothing; name the package for what it provides", p.dir, part))
			}
		}
	}
	return faults
}

// checkInit finds init functions: what exists is listed explicitly, and importing a package does nothing.
func checkInit(t *tree) (faults []string) {
	for _, p := range t.sorted() {
		for _, f := range p.sources() {
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					faults = append(faults, fmt.Sprintf("%s: init function; make a value, or a line in an explicit list", f.fset.Position(fn.Pos())))
				}
			}
		}
	}
	return faults
}

// checkInterfaces finds interfaces with too many methods, those of embedded interfaces included.
func checkInterfaces(t *tree) (faults []string) {
	for _, p := range t.sorted() {
		for _, f := range p.sources() {
			ast.Inspect(f.File, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				if i, ok := spec.Type.(*ast.InterfaceType); ok {
					if n := t.methods(p, f, i, 0); n > maxMethods {
						faults = append(faults, fmt.Sprintf("%s: interface %s has %d methods, more than %d; split it by who calls it",
							f.fset.Position(spec.Pos()), spec.Name.Name, n, maxMethods))
					}
				}
				return true
			})
		}
	}
	return faults
}

// methods counts an interface's methods. An embedded interface of another module counts as one: ours are what we can split.
func (t *tree) methods(p *pkg, f *file, i *ast.InterfaceType, depth int) (n int) {
	for _, m := range i.Methods.List {
		if len(m.Names) > 0 {
			n += len(m.Names)
			continue
		}
		if inner, in, at := t.embedded(p, f, m.Type); inner != nil && depth < 10 {
			n += t.methods(in, at, inner, depth+1)
		} else {
			n++
		}
	}
	return n
}

// embedded finds the interface that an embedded type names, and where it is declared; nil if it is not ours.
func (t *tree) embedded(p *pkg, f *file, e ast.Expr) (*ast.InterfaceType, *pkg, *file) {
	switch x := e.(type) {
	case *ast.IndexExpr:
		return t.embedded(p, f, x.X)
	case *ast.SelectorExpr:
		q, ok := x.X.(*ast.Ident)
		if !ok {
			return nil, nil, nil
		}
		for _, imported := range f.imports() {
			if dir, ours := strings.CutPrefix(imported, module); ours && path.Base(dir) == q.Name && t.pkgs[dir] != nil {
				return t.pkgs[dir].lookup(x.Sel.Name)
			}
		}
	case *ast.Ident:
		return p.lookup(x.Name)
	}
	return nil, nil, nil
}

func (p *pkg) lookup(name string) (*ast.InterfaceType, *pkg, *file) {
	for _, f := range p.sources() {
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range g.Specs {
				if spec, ok := s.(*ast.TypeSpec); ok && spec.Name.Name == name {
					i, _ := spec.Type.(*ast.InterfaceType)
					return i, p, f
				}
			}
		}
	}
	return nil, nil, nil
}
