package types

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/types/datetime"
)

// intervalNoPrecision says in an interval's modifier that all digits of the second are kept.
const intervalNoPrecision = 0xffff

// IntervalType is an interval type that keeps the fields in keep and precision digits of the second (-1: all).
func IntervalType(t Type, keep datetime.Fields, precision int32) Type {
	return t.WithTypmod(int32(keep)<<16 | precision&intervalNoPrecision)
}

// IntervalFields are the fields an interval type keeps.
func (t Type) IntervalFields() datetime.Fields {
	if t.ID != Interval || t.Mod == 0 {
		return datetime.AllFields
	}
	return datetime.Fields(t.Typmod() >> 16 & 0x7fff)
}

// intervalFields spell the ranges that SQL can spell.
var intervalFields = map[datetime.Fields]string{
	datetime.FieldYear:                       " year",
	datetime.FieldMonth:                      " month",
	datetime.FieldDay:                        " day",
	datetime.FieldHour:                       " hour",
	datetime.FieldMinute:                     " minute",
	datetime.FieldSecond:                     " second",
	datetime.FieldYear | datetime.FieldMonth: " year to month",
	datetime.FieldDay | datetime.FieldHour:   " day to hour",
	datetime.FieldDay | datetime.FieldHour | datetime.FieldMinute:                        " day to minute",
	datetime.FieldHour | datetime.FieldMinute:                                            " hour to minute",
	datetime.FieldHour | datetime.FieldMinute | datetime.FieldSecond:                     " hour to second",
	datetime.FieldMinute | datetime.FieldSecond:                                          " minute to second",
	datetime.FieldDay | datetime.FieldHour | datetime.FieldMinute | datetime.FieldSecond: " day to second",
}

// Format is the SQL spelling of t with its modifier, as PostgreSQL's format_type.
func Format(t Type) string {
	name := formatElem(t.Elem())
	if t.Array {
		return name + "[]"
	}
	return name
}

// String is Format.
func (t Type) String() string { return Format(t) }

func formatElem(t Type) string {
	row := &Table[t.ID]
	name := row.SQLName
	if name == "" {
		name = row.Name
	}
	if t.Mod == 0 {
		return name
	}
	switch t.ID {
	case Varchar, BPChar:
		n, _ := t.Length()
		return name + "(" + strconv.Itoa(n) + ")"
	case Numeric:
		p, s, _ := t.NumericMod()
		return name + "(" + strconv.Itoa(p) + "," + strconv.Itoa(s) + ")"
	case Time, Timestamp, Timestamptz:
		base := map[ID]string{Time: "time", Timestamp: "timestamp", Timestamptz: "timestamp"}[t.ID]
		return base + "(" + strconv.Itoa(int(t.Typmod())) + ")" + name[len(base):]
	case Interval:
		name += intervalFields[t.IntervalFields()]
		if p, ok := t.Precision(); ok {
			name += "(" + strconv.Itoa(p) + ")"
		}
	}
	return name
}

// FormatOID is PostgreSQL's format_type(oid, typmod) for a modifier that is given (NULL is Format of the plain type).
func FormatOID(oid uint32, typmod int32) string {
	if oid == 0 {
		return "-"
	}
	t, ok := ByOID(oid)
	switch {
	case !ok:
		return "???"
	case t.ID == BPChar && typmod < 0:
		// CHARACTER without a length would be read back as character(1).
		return map[bool]string{true: "bpchar[]", false: "bpchar"}[t.Array]
	}
	return Format(t.WithTypmod(max(typmod, -1)))
}
