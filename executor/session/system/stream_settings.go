package system

import (
	"github.com/streamdb/streamdb/sql/types"
)

// The settings as SHOW gives them, with units; pg_settings has them in PostgreSQL's form.
var streamSettings = table[setting]{
	oid: 13605, name: "settings", view: true,
	columns: `name text, value text, default_value text, context text, category text, description text`,
	rows:    everySetting,
	values: values[setting]{
		"name":          func(x setting) types.Datum { return str(x.Name) },
		"value":         func(x setting) types.Datum { return str(x.value) },
		"default_value": func(x setting) types.Datum { return str(x.Initial()) },
		"context":       func(x setting) types.Datum { return str(string(x.Context)) },
		"category":      func(x setting) types.Datum { return str(x.Category) },
		"description":   func(x setting) types.Datum { return str(x.Doc) },
	},
}
