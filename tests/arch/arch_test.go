package arch

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"
)

// checks are the rules by name: TestTree applies them to our tree, TestChecks each to trees that break it.
var checks = []struct {
	name  string
	check func(*tree) []string
}{
	{"direction", checkDirection},
	{"owners", checkOwners},
	{"cycles", checkCycles},
	{"doc", checkDoc},
	{"size", checkSize},
	{"names", checkNames},
	{"interfaces", checkInterfaces},
	{"init", checkInit},
	{"top-level", checkTopLevel},
}

func TestTree(t *testing.T) {
	tree, err := load(os.DirFS("../.."))
	require.NoError(t, err)
	require.Contains(t, tree.pkgs, "sql/vec", "the source tree is not where this test looks for it")
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			for _, fault := range c.check(tree) {
				t.Error(fault)
			}
		})
	}
}

// TestChecks runs testdata: the command is a check's name, the input a tree ("-- path --" before each file; "{600}" is so many
// empty lines), and the answer what the check finds in it.
func TestChecks(t *testing.T) {
	tested := map[string]bool{}
	datadriven.RunTest(t, "testdata/checks", func(t *testing.T, d *datadriven.TestData) string {
		tree, err := load(fakeTree(d.Input))
		require.NoError(t, err, d.Pos)
		for _, c := range checks {
			if c.name == d.Cmd {
				faults := c.check(tree)
				tested[c.name] = tested[c.name] || len(faults) > 0
				return strings.Join(append(faults, ""), "\n")
			}
		}
		t.Fatalf("%s: no check %q", d.Pos, d.Cmd)
		return ""
	})
	for _, c := range checks {
		require.True(t, tested[c.name], "testdata has no tree that check %q finds a fault in", c.name)
	}
}

func fakeTree(input string) fstest.MapFS {
	root := fstest.MapFS{}
	var name string
	for line := range strings.Lines(input) {
		if n, ok := strings.CutPrefix(line, "-- "); ok {
			name = strings.TrimSuffix(strings.TrimSpace(n), " --")
			root[name] = &fstest.MapFile{}
			continue
		}
		var blank int
		if n, _ := fmt.Sscanf(line, "{%d}", &blank); n == 1 {
			line = strings.Repeat("\n", blank)
		}
		root[name].Data = append(root[name].Data, line...)
	}
	return root
}
