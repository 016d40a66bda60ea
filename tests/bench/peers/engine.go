package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
)

// engineName is StreamDB's in the report.
const engineName = "streamdb"

// snapshotInterval is that of Flink's checkpoints too (FlinkPeer.java).
const snapshotInterval = "10s"

// engine is StreamDB: `streamdb bench nexmark`, in one model.
type engine struct {
	binary    string
	execution string
}

// run measures a query; the answer is checked against a run of its own. What is refused or fails is in the result's Error.
func (e engine) run(ctx context.Context, query string, events, eventRate int64) (r result, err error) {
	cmd := exec.CommandContext(ctx, e.binary, "bench", "nexmark", "--query", query, "--execution", e.execution, "--events", fmt.Sprint(events),
		"--event-rate", fmt.Sprint(eventRate), "--parallelism", fmt.Sprint(slots), "--snapshot-interval", snapshotInterval, "--format", "json")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	failed := cmd.Run()
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		return r, errors.Join(failed, fmt.Errorf("streamdb bench: %w: %s", err, errs.String()))
	}
	return r, nil
}

// ask is the answer of a query.
func (e engine) ask(ctx context.Context, query string, events, eventRate int64) (a answer, err error) {
	r, err := e.run(ctx, query, events, eventRate)
	switch {
	case err != nil:
		return a, err
	case r.Error != "":
		return a, errors.New(r.Error)
	case r.Rows == nil || r.Checksum == nil:
		return a, errors.New("streamdb bench gave no answer")
	}
	a.rows = *r.Rows
	a.checksum, err = strconv.ParseUint(*r.Checksum, 16, 64)
	return a, err
}
