package main

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// How the answers to a query compare; anything else is why that is not known.
const (
	answersEqual  = "equal"
	answersDiffer = "DIFFER"
	notCompared   = "not compared"
)

// compare compares the answers to each query, which are asked of the peer in one session. One in which a query failed is not used again.
func (t *contest) compare(ctx context.Context) []string {
	var s *session
	outcomes := make([]string, len(t.queries))
	for i, query := range t.queries {
		if outcomes[i] = t.unasked(query); outcomes[i] != "" {
			continue
		}
		if s == nil {
			var err error
			if s, err = t.begin(ctx); err != nil {
				outcomes[i] = t.peer.name + ": " + err.Error()
				continue
			}
		}
		var sound bool
		if outcomes[i], sound = t.compareOne(ctx, s, query); !sound {
			_ = s.stop() // it failed, which the outcome says
			s = nil
		}
		if outcomes[i] == answersDiffer {
			t.differ++
		}
	}
	if s != nil {
		_ = s.stop() // its folder goes with the others
	}
	return outcomes
}

// unasked is why the answers to a query are not compared; empty if they are.
func (t *contest) unasked(query string) string {
	if _, err := os.Stat(t.job(query, 0).query); err != nil {
		return t.peer.name + " has no way to say it"
	}
	if why, ok := incomparable[query]; ok {
		return notCompared + ": " + why
	}
	if t.checkEvents == 0 {
		return notCompared
	}
	return ""
}

// compareOne compares the answers to a query, and says whether the session is sound still.
func (t *contest) compareOne(ctx context.Context, s *session, query string) (outcome string, sound bool) {
	t.progress(query, "answers")
	ours, err := t.engine.ask(ctx, query, t.checkEvents, t.eventRate)
	if err != nil {
		return engineName + ": " + err.Error(), true
	}
	limited, cancel := t.limit(ctx)
	defer cancel()
	theirs, err := s.ask(limited, t.job(query, t.checkEvents))
	var no refused
	switch {
	case err != nil:
		return t.peer.name + ": " + err.Error(), errors.As(err, &no)
	case ours != theirs:
		t.progress(query, fmt.Sprintf("differs: %s %v, %s %v", engineName, ours, t.peer.name, theirs))
		return answersDiffer, true
	}
	return answersEqual, true
}
