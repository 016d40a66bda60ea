package main

import (
	"errors"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// message is an error for the terminal: with its detail and hint, without its SQLSTATE.
func message(err error) string {
	var e *sqlerr.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	text := e.Message
	if e.Detail != "" {
		text += "\n" + e.Detail
	}
	if e.Hint != "" {
		text += "\nHint: " + e.Hint
	}
	return text
}
