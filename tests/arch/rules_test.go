package arch

// layer is a part of the tree and the parts outside of it that it may import. The most specific layer of a folder counts.
type layer struct {
	dir string
	may []string
	why string
}

// layers is DESIGN section 4: sql is vocabulary, planner decides, executor moves, storage remembers and touches the outside,
// wire talks. cmd and tests stand above all.
var layers = []layer{
	{"sql", nil, "sql is vocabulary: all others are built on it"},
	{"sql/types", []string{"sql/sqlerr"}, "types are rows of a table: vectors and functions are built on them"},
	{"planner", []string{"sql"}, "the planner decides by the catalog alone; it sees no data and no client"},
	{"storage", []string{"sql"}, "storage knows no plans, operators or jobs"},
	{"wire", []string{"sql"}, "wire and executor meet in sql/engine; cmd joins them"},
	{"executor", []string{"planner/physical", "storage", "sql"}, "the executor runs plans; only executor/session makes them"},
	{"executor/session", []string{"executor", "planner", "storage", "sql"}, "a session makes plans and runs them; it knows no protocol"},
	{"cmd", []string{"sql", "planner", "executor", "storage", "wire"}, "cmd assembles the parts"},
	{"tests", []string{"cmd", "sql", "planner", "executor", "storage", "wire"}, "nothing imports tests"},
}

// never lists imports that the layers would allow.
var never = []struct {
	from, to []string
	why      string
}{
	{
		[]string{"executor/op"},
		[]string{"executor/pipelined", "executor/microbatch", "executor/job", "executor/epoch", "executor/sched", "executor/graph"},
		"an operator is a step function that any driver can run: give it what it needs through op.Context",
	},
	{
		[]string{"executor/pipelined", "executor/microbatch"},
		[]string{"executor/job", "executor/epoch", "executor/txn", "executor/database"},
		"a driver is told where to cut: jobs and clock call it",
	},
	{
		[]string{"executor"}, []string{"executor/session"},
		"sessions are the top of the executor",
	},
}

// owners says which package alone imports a library.
var owners = []struct{ library, owner, why string }{
	{"github.com/pingcap/tidb/pkg/parser", "sql/parse", "no TiDB node, marker or message leaves it"},
	{"github.com/jackc/pgproto3/v2", "wire/pg", "its decoder panics on bytes that only wire/pg keeps away from it"},
	{"github.com/cockroachdb/pebble/v2", "storage/kv", "all others see a Store, which simulation replaces"},
	{"github.com/alecthomas/kong", "cmd", "flags become configuration there"},
	{"github.com/prometheus/client_golang", "wire/console", "all others count with plain numbers"},
	{"github.com/xdg-go/scram", "wire/auth", "proofs are checked in one place"},
}

// topLevel is what may stand at the top level beside dot-files and what .gitignore names.
var topLevel = []string{
	"cmd", "sql", "planner", "executor", "storage", "wire", "tests", "docs",
	"go.mod", "go.sum", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
}

// vagueNames are no names of packages: they say nothing of what belongs inside, so everything ends up there.
var vagueNames = []string{
	"util", "utils", "common", "manager", "managers", "helper", "helpers", "misc", "shared",
}

const (
	maxLines   = 600
	maxMethods = 7
)
