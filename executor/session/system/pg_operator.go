package system

import (
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// operator is an operator with its number.
type operator struct {
	oid uint32
	*fn.Func
}

// firstOperatorOID and firstCastOID are where operators and casts are numbered from, in the order of their lists: in the range
// that PostgreSQL gives objects which initdb makes.
const (
	firstOperatorOID = 11000
	firstCastOID     = 10000
)

var pgOperator = table[operator]{
	oid: 2617, name: "pg_operator",
	columns: `oid oid!, oprname name!, oprnamespace oid!, oprowner oid!, oprkind "char"!, oprcanmerge boolean!, oprcanhash boolean!,
		oprleft oid!, oprright oid!, oprresult oid!, oprcom oid!, oprnegate oid!, oprcode regproc!, oprrest regproc!,
		oprjoin regproc!`,
	rows: func(_ *scan, emit func(operator) error) error {
		for i, f := range fn.Operators() {
			if err := emit(operator{firstOperatorOID + uint32(i), f}); err != nil {
				return err
			}
		}
		return nil
	},
	values: values[operator]{
		"oid":          func(o operator) types.Datum { return num(o.oid) },
		"oprname":      func(o operator) types.Datum { return str(o.Name) },
		"oprnamespace": always[operator](num(catalog.PgCatalogOID)),
		"oprowner":     always[operator](num(fn.OwnerOID)),
		"oprkind":      func(o operator) types.Datum { return letter(o.kind()) },
		"oprleft":      func(o operator) types.Datum { return num(o.left()) },
		"oprright":     func(o operator) types.Datum { return num(o.Args[len(o.Args)-1].OID()) },
		"oprresult":    func(o operator) types.Datum { return num(o.Ret.OID()) },
		"oprcanmerge":  func(o operator) types.Datum { return flag(o.Name == "=") },
		"oprcanhash":   func(o operator) types.Datum { return flag(o.Name == "=") },
	},
}

// kind is pg_operator.oprkind: infix or prefix.
func (o operator) kind() byte {
	if len(o.Args) == 1 {
		return 'l'
	}
	return 'b'
}

func (o operator) left() uint32 {
	if len(o.Args) == 1 {
		return 0
	}
	return o.Args[0].OID()
}

// cast is a cast with its number.
type cast struct {
	oid uint32
	*types.Cast
}

var pgCast = table[cast]{
	oid: 2605, name: "pg_cast",
	columns: `oid oid!, castsource oid!, casttarget oid!, castfunc oid!, castcontext "char"!, castmethod "char"!`,
	rows: func(_ *scan, emit func(cast) error) error {
		for i := range types.Casts {
			if err := emit(cast{firstCastOID + uint32(i), &types.Casts[i]}); err != nil {
				return err
			}
		}
		return nil
	},
	values: values[cast]{
		"oid":         func(c cast) types.Datum { return num(c.oid) },
		"castsource":  func(c cast) types.Datum { return num(types.T(c.From).OID()) },
		"casttarget":  func(c cast) types.Datum { return num(types.T(c.To).OID()) },
		"castcontext": func(c cast) types.Datum { return letter("iae"[c.Context]) },
		"castmethod":  func(c cast) types.Datum { return letter("bfi"[c.Method]) },
	},
}
