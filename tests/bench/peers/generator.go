package main

import (
	"context"
	"fmt"
	"path/filepath"
)

// generated is how many events the port of the generator is compared with ours for, in all columns.
const generated = 100_000

const generatorClass = "com.github.streamdb.bench.nexmark.EventsChecksum"

// compareGenerator fails if the port makes other events.
func (i installation) compareGenerator(ctx context.Context, eventRate int64) error {
	ours, err := engine{binary: i.streamdb, execution: "pipelined"}.ask(ctx, "generator", generated, eventRate)
	if err != nil {
		return err
	}
	text, err := output(ctx, "", "java", "-cp", filepath.Join(i.built, "generator", "*"), generatorClass, fmt.Sprint(eventRate), fmt.Sprint(generated))
	if err != nil {
		return err
	}
	theirs, err := parseAnswer(text)
	if err == nil && ours != theirs {
		err = fmt.Errorf("the generator's port makes other events: %v, not %v", theirs, ours)
	}
	return err
}
