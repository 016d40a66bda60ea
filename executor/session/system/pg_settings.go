package system

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/settings"
	"github.com/streamdb/streamdb/sql/types"
)

// setting is a setting with its value in the session.
type setting struct {
	*settings.Setting
	value string
}

// everySetting calls emit with all settings, by name.
func everySetting(s *scan, emit func(setting) error) error {
	for _, x := range settings.All() {
		value, _ := s.env.Setting(x.Name)
		if err := emit(setting{x, value}); err != nil {
			return err
		}
	}
	return nil
}

var pgSettings = table[setting]{
	oid: 12104, name: "pg_settings", view: true,
	columns: `name text, setting text, unit text, category text, short_desc text, extra_desc text, context text, vartype text, source text,
		min_val text, max_val text, enumvals text[], boot_val text, reset_val text, sourcefile text, sourceline integer,
		pending_restart boolean`,
	rows: everySetting,
	values: values[setting]{
		"name":            func(x setting) types.Datum { return str(x.Name) },
		"setting":         func(x setting) types.Datum { return str(x.Plain(x.value)) },
		"unit":            func(x setting) types.Datum { return given(x.Unit) },
		"category":        func(x setting) types.Datum { return str(x.Category) },
		"short_desc":      func(x setting) types.Datum { return str(x.Doc) },
		"context":         func(x setting) types.Datum { return str(string(x.Context)) },
		"vartype":         func(x setting) types.Datum { return str(string(x.Kind)) },
		"source":          func(x setting) types.Datum { return str(x.source()) },
		"min_val":         func(x setting) types.Datum { return x.bound(x.Min) },
		"max_val":         func(x setting) types.Datum { return x.bound(x.Max) },
		"enumvals":        func(x setting) types.Datum { return x.enumValues() },
		"boot_val":        func(x setting) types.Datum { return str(x.Plain(x.Default)) },
		"reset_val":       func(x setting) types.Datum { return str(x.Plain(x.Default)) },
		"pending_restart": always[setting](flag(false)),
	},
}

// source is where the value comes from.
func (x setting) source() string {
	if x.value != x.Initial() {
		return "session"
	}
	return "default"
}

// bound is a limit of a number.
func (x setting) bound(n float64) types.Datum {
	if x.Kind != settings.Int && x.Kind != settings.Real {
		return types.Null
	}
	return str(strconv.FormatFloat(n, 'g', 15, 64))
}

func (x setting) enumValues() types.Datum {
	if x.Kind != settings.Enum {
		return types.Null
	}
	return textArray(x.Values, func(v string) string { return v })
}
