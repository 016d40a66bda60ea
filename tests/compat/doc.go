// Package compat compares layers of StreamDB with PostgreSQL where a whole query would show too little: what the binder says of names,
// types and errors.
package compat
