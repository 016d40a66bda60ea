package com.github.streamdb.bench.spark;

import com.github.streamdb.bench.nexmark.Generator;
import com.github.streamdb.bench.nexmark.Share;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;

/** Makes the events of a reader's share of a batch. */
final class NexmarkReader implements PartitionReader<InternalRow> {
    /** So many events after the last one is the row that closes all windows: a hundred years of event time. */
    private static final long END_SECONDS = 100L * 365 * 86_400;

    /** Generators by event rate, as to make one takes longer than to make a small batch. */
    private static final ConcurrentHashMap<Long, Generator> GENERATORS = new ConcurrentHashMap<>();

    private final NexmarkPartition partition;
    private final Generator generator;
    private final Share share;
    private long next;
    private long current;
    private boolean endRow;

    NexmarkReader(NexmarkPartition partition) {
        this.partition = partition;
        generator = GENERATORS.computeIfAbsent(partition.eventRate(), rate -> new Generator(0, rate, new SparkValues()));
        share = new Share(partition.table(), Math.min(partition.until(), partition.events()), partition.reader(), partition.readers());
        next = share.next(partition.from());
        endRow = partition.reader() == 0 && partition.until() > partition.events();
    }

    @Override
    public boolean next() {
        if (next >= 0) {
            current = next;
            next = share.next(next + 1);
            return true;
        }
        if (endRow) {
            current = partition.table().next(partition.events() + END_SECONDS * partition.eventRate());
            endRow = false;
            return true;
        }
        return false;
    }

    @Override
    public InternalRow get() {
        return new GenericInternalRow(generator.row(partition.table(), current));
    }

    @Override
    public void close() {}
}
