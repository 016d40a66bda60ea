package settings

import "math"

const catConnections = "Connections and Authentication / Connection Settings"

// clients are the limits on what one client may take. wire/pg keeps them; they are set when the server starts.
var clients = []Setting{
	{Name: "authentication_timeout", Kind: Int, Unit: "s", Default: "10", Min: 1, Max: 600, Context: Start, Category: catConnections,
		Doc: "Sets the maximum allowed time to complete client authentication."},
	{Name: "client_write_timeout", Kind: Int, Unit: "s", Default: "60", Min: 1, Max: maxTimeout / 1000, Context: Start, Category: catConnections,
		Doc: "Ends a connection whose client takes none of the bytes sent to it for so long."},
	{Name: "max_message_size", Kind: Int, Unit: "kB", Default: "16384", Min: 64, Max: 1<<20 - 1, Context: Start, Category: catConnections,
		Doc: "Sets the largest query, parameter list or COPY message that a client may send."},
	{Name: "max_pending_connections", Kind: Int, Default: "2000", Min: 1, Max: math.MaxInt32, Context: Start, Category: catConnections,
		Doc: "Sets how many connections may be not yet logged in."},
	{Name: "max_portals", Kind: Int, Default: "1000", Min: 1, Max: math.MaxInt32, Context: Start, Category: catConnections,
		Doc: "Sets how many named portals a session may hold open."},
	{Name: "max_prepared_statements", Kind: Int, Default: "10000", Min: 1, Max: math.MaxInt32, Context: Start, Category: catConnections,
		Doc: "Sets how many named protocol-level statements a session may hold."},
}
