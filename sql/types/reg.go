package types

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// parseReg reads the name or number of a catalog object.
func (e *Env) parseReg(id ID, s []byte) (Datum, error) {
	name := string(trimSpace(s))
	if name == "-" {
		return NewInt(0), nil
	}
	if name != "" && bytes.IndexFunc([]byte(name), func(r rune) bool { return r < '0' || r > '9' }) < 0 {
		i, err := ParseOID("oid", s)
		return NewInt(i), err
	}
	if id == Regtype {
		if t, err := ParseTypeName(name); err == nil {
			return NewInt(int64(t.OID())), nil
		} else if e == nil || e.Names == nil {
			return Datum{}, err
		}
	}
	if id == Regproc {
		if f, ok := ioFunction(0, name); ok {
			return NewInt(int64(f.OID)), nil
		}
	}
	if e == nil || e.Names == nil {
		return Datum{}, sqlerr.Unsupported("a name as a value of type "+Table[id].Name+" here", "Write the OID as a number.")
	}
	oid, err := e.Names.OIDOf(id, name)
	return NewInt(int64(oid)), err
}

func (e *Env) appendReg(dst []byte, id ID, oid uint32) []byte {
	if oid == 0 {
		return append(dst, '-')
	}
	if id == Regtype {
		if t, ok := ByOID(oid); ok {
			return append(dst, Format(t)...)
		}
	}
	if id == Regproc {
		if f, ok := ioFunction(oid, ""); ok {
			return append(dst, f.Name...)
		}
	}
	if e != nil && e.Names != nil {
		if name, ok := e.Names.NameOf(id, oid); ok {
			return append(dst, name...)
		}
	}
	return strconv.AppendUint(dst, uint64(oid), 10)
}

// ParseTypeName reads a type's SQL spelling with modifiers and [], as a regtype's text and to_regtype take it:
// "character varying(10)", "pg_catalog.int4", "timestamp(3) with time zone", "text[]".
func ParseTypeName(s string) (Type, error) {
	name := strings.ToLower(strings.Join(strings.Fields(s), " "))
	name = strings.TrimPrefix(name, "pg_catalog.")
	if strings.HasPrefix(name, "interval ") {
		return parseIntervalName(name)
	}
	array := false
	for strings.HasSuffix(name, "]") {
		open := strings.LastIndexByte(name, '[')
		if open < 0 {
			return Type{}, undefinedType(s)
		}
		name, array = strings.TrimSpace(name[:open]), true
	}
	var t Type
	var err error
	if quoted := strings.TrimPrefix(name, `"`); quoted != name {
		var ok bool
		if t, ok = ByTypName(strings.TrimSuffix(quoted, `"`)); !ok {
			return Type{}, undefinedType(s)
		}
	} else if t, err = parseModifiers(name); err != nil {
		return Type{}, err
	}
	if array {
		t = ArrayOf(t)
	}
	return t, nil
}

// parseIntervalName reads "interval" with fields: "interval day to second(3)".
func parseIntervalName(name string) (Type, error) {
	base, digits, limited := strings.Cut(name, "(")
	precision := int64(-1)
	if limited {
		var err error
		if precision, err = strconv.ParseInt(strings.TrimSuffix(digits, ")"), 10, 32); err != nil {
			return Type{}, undefinedType(name)
		}
	}
	for keep, spelling := range intervalFields {
		if "interval"+spelling == strings.TrimSpace(base) {
			p, err := clampPrecision("INTERVAL", int32(max(precision, -1)))
			if !limited {
				p, err = -1, nil
			}
			return IntervalType(T(Interval), keep, p), err
		}
	}
	return Type{}, undefinedType(name)
}

// parseModifiers reads a name with modifiers in brackets, behind it or inside ("timestamp(3) with time zone").
func parseModifiers(name string) (Type, error) {
	var mods []int32
	if open := strings.IndexByte(name, '('); open >= 0 {
		end := strings.IndexByte(name, ')')
		if end < open {
			return Type{}, undefinedType(name)
		}
		for _, m := range strings.Split(name[open+1:end], ",") {
			n, err := strconv.ParseInt(strings.TrimSpace(m), 10, 32)
			if err != nil {
				return Type{}, invalidSyntax("integer", []byte(m))
			}
			mods = append(mods, int32(n))
		}
		name = strings.TrimSpace(strings.TrimSpace(name[:open]) + name[end+1:])
	}
	return FromSQL(name, mods)
}
