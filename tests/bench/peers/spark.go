package main

import (
	"context"
	"fmt"
)

// spark is Structured Streaming in one process, local[2].
type spark struct {
	installation
	batch int64 // events
}

const (
	sparkClient = "com.github.streamdb.bench.spark.SparkPeer"
	sparkHeap   = "-Xmx6g" // about what Flink's TaskManager has
)

// sparkOpened are the packages that Spark opens to itself (its JavaModuleOptions).
var sparkOpened = []string{
	"java.lang", "java.lang.invoke", "java.lang.reflect", "java.io", "java.net", "java.nio", "java.util", "java.util.concurrent",
	"java.util.concurrent.atomic", "jdk.internal.ref", "sun.nio.ch", "sun.nio.cs", "sun.security.action", "sun.util.calendar",
}

func (s spark) start(ctx context.Context, folder string) (*session, error) {
	args := append(opened(sparkOpened), sparkHeap, "-cp", s.classPath("spark", s.jars), sparkClient, fmt.Sprint(slots), fmt.Sprint(s.batch))
	p, err := startClient(ctx, folder, "spark", "java", args...)
	if err != nil {
		return nil, err
	}
	return newSession(folder, p, p), nil
}
