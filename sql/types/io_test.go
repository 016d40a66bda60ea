package types_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/types"
)

// Drivers find array types by 'array_in'::regproc, so the functions have names without a catalog.
func TestIOFunctions(t *testing.T) {
	require.Equal(t, types.IO{Input: 42, Output: 43, Receive: 2406, Send: 2407}, types.IOOf(types.T(types.Int4)))
	require.Equal(t, types.IOOf(types.ArrayOf(types.T(types.Int4))), types.IOOf(types.ArrayOf(types.T(types.Text))))
	require.Zero(t, types.IOOf(types.T(types.ACLItem)).Receive)

	regproc := types.T(types.Regproc)
	for _, f := range types.IOFunctions {
		require.Equal(t, f.Name, types.String(regproc, types.NewInt(int64(f.OID))))
		d, err := types.ParseText(regproc, []byte("pg_catalog."+f.Name))
		require.NoError(t, err)
		require.Equal(t, int64(f.OID), d.I, f.Name)
	}
	_, err := types.ParseText(regproc, []byte("no_such"))
	require.Error(t, err)
}
