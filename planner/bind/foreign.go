package bind

import "github.com/streamdb/streamdb/sql/sqlerr"

// What users of other systems (Flink SQL, ksqlDB, Materialize, RisingWave, MySQL) write, and what it is here: the hints for names that
// do not exist.

const windowsInFrom = "Windows stand in FROM: SELECT window_start, count(*) FROM TUMBLE(stream, at, INTERVAL '1 minute') GROUP BY window_start, window_end."

var foreignFunctions = map[string]string{
	"tumble": windowsInFrom, "hop": windowsInFrom, "cumulate": windowsInFrom, "session": windowsInFrom,
	"tumble_start": windowsInFrom, "tumble_end": windowsInFrom, "tumble_rowtime": windowsInFrom, "hop_start": windowsInFrom, "hop_end": windowsInFrom,
	"session_start": windowsInFrom, "session_end": windowsInFrom, "windowstart": windowsInFrom, "windowend": windowsInFrom,
	"proctime":  "The time of the statement is now(); what is there when a row comes is joined by JOIN t FOR SYSTEM_TIME AS OF PROCTIME().",
	"mz_now":    "Rows that expire are written with now(): WHERE at > now() - INTERVAL '5 minutes'.",
	"if":        "Use CASE WHEN condition THEN a ELSE b END.",
	"iff":       "Use CASE WHEN condition THEN a ELSE b END.",
	"ifnull":    "Use coalesce.",
	"nvl":       "Use coalesce.",
	"isnull":    "Use x IS NULL, or coalesce.",
	"len":       "Use length.",
	"instr":     "Use strpos.",
	"charindex": "Use strpos, with the string first.", "locate": "Use strpos, with the string first.",
	"date_format": "Use to_char, whose patterns are as 'YYYY-MM-DD HH24:MI:SS'.", "formatdatetime": "Use to_char.",
	"str_to_date": "Use to_timestamp or to_date.", "unix_timestamp": "Use extract(epoch FROM x).", "from_unixtime": "Use to_timestamp.",
	"timestampdiff": "Subtract the times; extract(epoch FROM a - b) is the difference in seconds.", "datediff": "Subtract the dates.",
	"timestampadd": "Add an interval.", "date_add": "Add an interval.", "dateadd": "Add an interval.", "date_sub": "Subtract an interval.",
	"count_if": "Use count(*) FILTER (WHERE condition).", "countif": "Use count(*) FILTER (WHERE condition).", "sum_if": "Use sum(x) FILTER (WHERE condition).",
	"approx_count_distinct": "Use count(DISTINCT x), which is exact.", "uniq": "Use count(DISTINCT x).",
	"listagg": "Use string_agg.", "group_concat": "Use string_agg.",
	"collect": "Use array_agg.", "collect_list": "Use array_agg.", "collect_set": "Use array_agg(DISTINCT x).", "grouparray": "Use array_agg.",
	"max_by": "Use (array_agg(x ORDER BY y DESC))[1], or DISTINCT ON.", "arg_max": "Use (array_agg(x ORDER BY y DESC))[1], or DISTINCT ON.",
	"min_by": "Use (array_agg(x ORDER BY y))[1], or DISTINCT ON.", "arg_min": "Use (array_agg(x ORDER BY y))[1], or DISTINCT ON.",
	"latest_by_offset": "Use (array_agg(x ORDER BY at DESC))[1], or DISTINCT ON.", "earliest_by_offset": "Use (array_agg(x ORDER BY at))[1], or DISTINCT ON.",
	"json_value": "Use the operators -> and ->>.", "json_extract": "Use the operators -> and #>.", "get_json_object": "Use the operators ->> and #>>.",
}

var foreignTypes = map[string]string{
	"string": "Use text.", "double": "Use double precision.", "tinyint": "Use smallint.", "datetime": "Use timestamp.", "timestamp_ltz": "Use timestamptz.",
	"blob": "Use bytea.", "bytes": "Use bytea.", "varbinary": "Use bytea.", "long": "Use bigint.", "number": "Use numeric.", "map": "Use jsonb.",
	"struct": "Use jsonb, or a column for each field.", "uint8": "Use smallint.", "uint16": "Use integer.", "uint32": "Use bigint.", "uint64": "Use numeric.",
}

// missingTypes are PostgreSQL's types that do not exist here, and what can be used instead.
var missingTypes = map[string]string{
	"timetz": "Use time, or timestamptz.", "money": "Use numeric.", "bit": "Use boolean, integer or bytea.", "varbit": "Use bytea.", "inet": "Use text.", "cidr": "Use text.",
	"macaddr": "Use text.", "macaddr8": "Use text.", "xml": "Use text.", "tsvector": "Use text and LIKE or ~.", "tsquery": "Use text and LIKE or ~.",
	"point": "Use two columns.", "line": "Use a column for each part.", "lseg": "Use a column for each part.", "box": "Use a column for each part.", "path": "Use jsonb.", "polygon": "Use jsonb.",
	"circle": "Use a column for each part.", "int4range": "Use two columns.", "int8range": "Use two columns.", "numrange": "Use two columns.", "tsrange": "Use two columns.",
	"tstzrange": "Use two columns.", "daterange": "Use two columns.", "hstore": "Use jsonb.", "jsonpath": "Use the operators -> and #>.", "pg_lsn": "Use numeric.",
}

// undefinedType fails for a type that does not exist.
func undefinedType(name string, pos int) {
	if hint, ok := missingTypes[name]; ok {
		unsupported(pos, "the type "+name, hint)
	}
	e := sqlerr.New(sqlerr.UndefinedObject, "type %q does not exist", name)
	if hint, ok := foreignTypes[name]; ok {
		e = e.WithHint("%s", hint)
	}
	panic(e.At(pos))
}

// functionHint is what an error about a function that does not exist goes on with.
func functionHint(name string) string {
	if hint, ok := foreignFunctions[name]; ok {
		return hint
	}
	return "No function matches the given name and argument types. You might need to add explicit type casts."
}
