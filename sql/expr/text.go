package expr

import (
	"fmt"
	"strconv"

	"github.com/streamdb/streamdb/sql/types"
)

// constText is the text of a constant that is not null.
func constText(c *Const) string {
	switch c.Typ.Kind() {
	case types.KindBool:
		return strconv.FormatBool(c.Value.Bool())
	case types.KindInt32, types.KindInt64:
		return strconv.FormatInt(c.Value.I, 10)
	case types.KindFloat:
		return strconv.FormatFloat(c.Value.F, 'g', -1, 64)
	case types.KindWide:
		return fmt.Sprintf("%016x%016x", c.Value.W.Hi, c.Value.W.Lo)
	}
	return string(c.Value.B)
}
