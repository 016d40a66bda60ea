package parse

import "strings"

// What users of other systems (Flink SQL, ksqlDB, Materialize, RisingWave, MySQL) write and PostgreSQL's grammar does not have: the
// hints of syntax errors. Names of functions and types have theirs where they are looked up (planner/bind).

// foreignStatements are by the word that such a statement begins with.
var foreignStatements = map[string]string{
	"describe": "Use \\d name in psql, or SHOW CREATE TABLE | STREAM | VIEW.",
	"desc":     "Use \\d name in psql, or SHOW CREATE TABLE | STREAM | VIEW.",
	"tail":     "SUBSCRIBE to the view.",
	"print":    "SUBSCRIBE to the relation.",
	"list":     "Use SHOW STREAMS, SHOW TABLES, SHOW VIEWS or SHOW SINKS.",
	"use":      "There is one database; SET search_path chooses schemas.",
	"kill":     "SELECT pg_cancel_backend(pid), with a pid of pg_stat_activity.",
	"upsert":   "INSERT … ON CONFLICT (key) DO UPDATE SET ….",
	"replace":  "INSERT … ON CONFLICT (key) DO UPDATE SET ….",
}

// foreignCreations are by the word behind CREATE.
var foreignCreations = map[string]string{
	"continuous": "CREATE VIEW: each view is kept up to date.",
	"live":       "CREATE VIEW: each view is kept up to date.",
	"cluster":    "Leave it out: each view has its parallelism, WITH (parallelism = n).",
	"connection": "The options of a connection are those of CREATE STREAM and CREATE SINK … WITH (connector = …).",
	"secret":     "The options of a connection are those of CREATE STREAM and CREATE SINK … WITH (connector = …).",
	"catalog":    "There is one database; CREATE SCHEMA keeps names apart.",
}

// foreignWords are by the word that the grammar stumbles over.
var foreignWords = map[string]string{
	"emit":    "EMIT ends the query of a CREATE VIEW or CREATE SINK; SUBSCRIBE to the view for its changes.",
	"seconds": intervalHint, "minutes": intervalHint, "hours": intervalHint, "days": intervalHint,
	"overwrite": "TRUNCATE or DELETE, and INSERT, in one transaction.",
	"format":    "What a connector is to know stands in WITH (connector = …, …).",
}

const intervalHint = "Write INTERVAL '10 minutes' or INTERVAL '10' MINUTE."

// foreignHint says what to write instead of what made t unexpected; "" if it is nothing that is known.
func (p *parser) foreignHint(t *token) string {
	first, ticks := t, false
	for k := range p.toks { // up to t, those of its own statement
		if p.toks[k].pos > t.pos {
			break
		}
		if k == 0 || p.toks[k-1].punct(";") {
			first, ticks = &p.toks[k], false
		}
		ticks = ticks || p.toks[k].kind == tokOp && strings.Contains(p.toks[k].text, "`")
	}
	switch {
	case ticks:
		return `Names are quoted as "name".`
	case t.punct("=>"):
		return "Give the arguments by position."
	case t.kind != tokWord:
		return ""
	case first == t:
		return foreignStatements[t.text]
	case first.word("create") && foreignCreations[t.text] != "":
		return foreignCreations[t.text]
	}
	return foreignWords[t.text]
}
