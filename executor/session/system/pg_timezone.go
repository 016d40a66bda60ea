package system

import (
	"time"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

// zone is a time zone as it is at some time.
type zone struct {
	name, abbrev string
	offset       int // seconds
	dst          bool
}

var pgTimezoneNames = relation[zone]{
	oid: 12126, name: "pg_timezone_names", view: true,
	columns: `name text, abbrev text, utc_offset interval, is_dst boolean`,
	rows: func(s *scan, emit func(zone) error) error {
		now := time.UnixMicro(s.env.Now())
		for _, name := range datetime.ZoneNames() {
			loc, ok := datetime.LoadZone(name)
			if !ok {
				continue
			}
			at := now.In(loc)
			abbrev, offset := at.Zone()
			if err := emit(zone{name, abbrev, offset, at.IsDST()}); err != nil {
				return err
			}
		}
		return nil
	},
	values: values[zone]{
		"name":       func(z zone) types.Datum { return str(z.name) },
		"abbrev":     func(z zone) types.Datum { return str(z.abbrev) },
		"utc_offset": func(z zone) types.Datum { return types.NewInterval(0, 0, int64(z.offset)*datetime.Second) },
		"is_dst":     func(z zone) types.Datum { return flag(z.dst) },
	},
}
