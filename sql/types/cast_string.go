package types

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/types/jsonb"
)

func boolToText(_ *Env, _, _ Type, d Datum) (Datum, error) {
	if d.Bool() {
		return NewText("true"), nil
	}
	return NewText("false"), nil
}

// bpcharToText drops the padding.
func bpcharToText(_ *Env, _, _ Type, d Datum) (Datum, error) { return NewBytes(trimBlanks(d.B)), nil }

func textToName(_ *Env, from, _ Type, d Datum) (Datum, error) {
	if from.ID == BPChar {
		d.B = trimBlanks(d.B)
	}
	return NewBytes(TruncateName(d.B)), nil
}

func textToChar(_ *Env, _, _ Type, d Datum) (Datum, error) {
	return NewBytes(d.B[:min(len(d.B), 1)]), nil
}

func charToInt(_ *Env, _, _ Type, d Datum) (Datum, error) {
	if len(d.B) == 0 {
		return NewInt(0), nil
	}
	return NewInt(int64(int8(d.B[0]))), nil
}

func intToChar(_ *Env, _, _ Type, d Datum) (Datum, error) {
	switch {
	case d.I != int64(int8(d.I)):
		return Datum{}, sqlerr.New(sqlerr.NumericValueOutOfRange, `"char" out of range`)
	case d.I == 0:
		return NewBytes([]byte{}), nil
	}
	return NewBytes([]byte{byte(d.I)}), nil
}

// textToReg reads the name of a relation.
func textToReg(e *Env, _, to Type, d Datum) (Datum, error) { return e.ParseText(to, d.B) }

// jsonbToBool and its kin read a scalar.
func jsonbToBool(_ *Env, _, to Type, d Datum) (Datum, error) {
	if jsonb.TypeOf(d.B) != "boolean" {
		return Datum{}, wrongJSONB(to, d)
	}
	return NewBool(d.B[0] == 't'), nil
}

func jsonbToNumber(_ *Env, _, to Type, d Datum) (Datum, error) {
	if jsonb.TypeOf(d.B) != "number" {
		return Datum{}, wrongJSONB(to, d)
	}
	n, err := decimal.Parse(d.B)
	if err != nil {
		return Datum{}, err
	}
	switch to.ID {
	case Int2, Int4, Int8:
		i, err := DecimalToInt(to.ID, n)
		return NewInt(i), err
	case Float4, Float8:
		f, err := DecimalToFloat(to.ID, n)
		return NewFloat(f), err
	}
	return NumericDatum(to, n)
}

func wrongJSONB(to Type, d Datum) error {
	kind := jsonb.TypeOf(d.B)
	if kind == "number" {
		kind = "numeric"
	}
	return sqlerr.New(sqlerr.InvalidParameterValue, "cannot cast jsonb %s to type %s", kind, to.Plain())
}
