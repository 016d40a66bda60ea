// Package crash kills a real server with SIGKILL under load and looks at what it says after its restart: every acknowledged
// write is there once, none is there that was never sent, and every view equals its query.
package crash
