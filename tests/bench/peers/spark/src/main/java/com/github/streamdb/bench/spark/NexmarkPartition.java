package com.github.streamdb.bench.spark;

import com.github.streamdb.bench.nexmark.Table;
import org.apache.spark.sql.connector.read.InputPartition;

/** A reader's share of the events of a batch, which are those from one number until another, of so many events in all. */
record NexmarkPartition(Table table, long from, long until, long events, long eventRate, int reader, int readers)
        implements InputPartition {}
