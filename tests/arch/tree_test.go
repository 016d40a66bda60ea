package arch

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is the prefix of our own imports.
const module = "github.com/streamdb/streamdb/"

// tree is the source tree as the checks see it.
type tree struct {
	top     []fs.DirEntry   // what stands at the top level
	ignored []string        // patterns of .gitignore
	pkgs    map[string]*pkg // by folder, relative to the root
}

// pkg is a folder of Go files. The files of an external test package are among them.
type pkg struct {
	dir   string
	files []*file
}

// file is a parsed Go file.
type file struct {
	path  string
	test  bool
	lines int
	fset  *token.FileSet
	*ast.File
}

// load parses all Go files of root that belong to the module.
func load(root fs.FS) (*tree, error) {
	t := &tree{pkgs: map[string]*pkg{}}
	var err error
	if t.top, err = fs.ReadDir(root, "."); err != nil {
		return nil, err
	}
	if ignore, err := fs.ReadFile(root, ".gitignore"); err == nil {
		t.ignored = strings.Fields(string(ignore))
	}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || t.isIgnored(name)):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		return t.add(root, name)
	})
	return t, err
}

func (t *tree) add(root fs.FS, name string) error {
	src, err := fs.ReadFile(root, name)
	if err != nil {
		return err
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(name)
	p := t.pkgs[dir]
	if p == nil {
		p = &pkg{dir: dir}
		t.pkgs[dir] = p
	}
	p.files = append(p.files, &file{
		path: name, test: strings.HasSuffix(name, "_test.go"), lines: bytes.Count(src, []byte("\n")), fset: fset, File: f,
	})
	return nil
}

// isIgnored says whether git leaves out this path; of the patterns' language it knows what ours need.
func (t *tree) isIgnored(name string) bool {
	return slices.ContainsFunc(t.ignored, func(pattern string) bool {
		where := path.Base(name)
		if rooted, ok := strings.CutPrefix(pattern, "/"); ok {
			where, pattern = name, rooted
		}
		ok, _ := path.Match(strings.TrimSuffix(pattern, "/"), where)
		return ok
	})
}

// sorted gives the packages in order of their folders, so that messages come in the same order every time.
func (t *tree) sorted() []*pkg {
	pkgs := make([]*pkg, 0, len(t.pkgs))
	for _, p := range t.pkgs {
		pkgs = append(pkgs, p)
	}
	slices.SortFunc(pkgs, func(a, b *pkg) int { return strings.Compare(a.dir, b.dir) })
	return pkgs
}

// sources gives a package's files that are not tests.
func (p *pkg) sources() []*file {
	return slices.DeleteFunc(slices.Clone(p.files), func(f *file) bool { return f.test })
}

// imports gives the paths that a file imports.
func (f *file) imports() []string {
	paths := make([]string, 0, len(f.Imports))
	for _, i := range f.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

// under says whether a folder is dir or below it.
func under(folder, dir string) bool { return folder == dir || strings.HasPrefix(folder, dir+"/") }

// underAny says whether a folder is one of dirs or below one.
func underAny(folder string, dirs []string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool { return under(folder, dir) })
}
