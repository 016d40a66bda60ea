package com.github.streamdb.bench.spark;

import com.github.streamdb.bench.nexmark.Generator;
import com.github.streamdb.bench.nexmark.Share;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;

/** Makes the events of a reader's share of a batch. */
final class NexmarkReader implements PartitionReader<InternalRow> {
    /** The time of the row that closes all windows: 2200-01-01, in microseconds. */
    private static final long END_TIME = 7_258_118_400_000_000L;

    /** Generators by event rate, as to make one takes longer than to make a small batch. */
    private static final ConcurrentHashMap<Long, Generator> GENERATORS = new ConcurrentHashMap<>();

    private final NexmarkPartition partition;
    private final Generator generator;
    private final Share share;
    private long next;
    private boolean endRow;
    private Object[] row;

    NexmarkReader(NexmarkPartition partition) {
        this.partition = partition;
        generator = GENERATORS.computeIfAbsent(partition.eventRate(), rate -> new Generator(0, rate, new SparkValues()));
        share = new Share(partition.table(), Math.min(partition.until(), partition.events()), partition.reader(), partition.readers());
        next = share.next(partition.from());
        endRow = partition.reader() == 0 && partition.until() > partition.events();
    }

    @Override
    public boolean next() {
        var table = partition.table();
        if (next >= 0) {
            row = generator.row(table, next);
            next = share.next(next + 1);
            return true;
        }
        if (endRow) {
            row = generator.row(table, table.next(partition.events()));
            row[table.timeColumn()] = END_TIME;
            endRow = false;
            return true;
        }
        return false;
    }

    @Override
    public InternalRow get() {
        return new GenericInternalRow(row);
    }

    @Override
    public void close() {}
}
