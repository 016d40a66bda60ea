package com.github.streamdb.bench.spark;

import com.github.streamdb.bench.nexmark.Latencies;
import java.util.concurrent.atomic.LongAccumulator;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts how long events took: when a batch's rows have all been read, all events are seen up to the newest that its rows tell of, by
 * their last column.
 */
final class NewestSeen implements VoidFunction2<Dataset<Row>, Long> {
    private static final long serialVersionUID = 1;

    /** What the tasks have seen, which run in this process. */
    private static final LongAccumulator NEWEST = new LongAccumulator(Math::max, Long.MIN_VALUE);

    private final Latencies latencies;
    private long before;

    NewestSeen(Latencies latencies) {
        this.latencies = latencies;
        NEWEST.reset();
    }

    @Override
    public void call(Dataset<Row> batch, Long number) {
        batch.foreachPartition((ForeachPartitionFunction<Row>) rows ->
            rows.forEachRemaining(row -> NEWEST.accumulate(row.getInstant(row.size() - 1).toEpochMilli())));
        var newest = NEWEST.get();
        if (newest > before) {
            latencies.seen(before, newest);
            before = newest;
        }
    }
}
