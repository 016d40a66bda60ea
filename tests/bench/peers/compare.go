package main

import (
	"context"
	"fmt"
)

// How the answers to a query compare; anything else is why that is not known.
const (
	answersEqual  = "equal"
	answersDiffer = "DIFFER"
	notCompared   = "not compared"
)

// unasked is why the answers to a query are not compared; empty if they are.
func unasked(query string, s size) string {
	if why, ok := incomparable[query]; ok {
		return notCompared + ": " + why
	}
	if s.check == 0 {
		return notCompared
	}
	return ""
}

// compare compares the peer's answer to our own.
func (t *contest) compare(ctx context.Context, query string, theirs answer, s size) (string, error) {
	ours, err := t.engine.ask(ctx, query, s.check, t.eventRate)
	if err != nil {
		return "", err
	}
	if ours == theirs {
		return answersEqual, nil
	}
	t.progress(query, fmt.Sprintf("differs: %s %v, %s %v", engineName, ours, t.peer.name, theirs))
	return answersDiffer, nil
}
