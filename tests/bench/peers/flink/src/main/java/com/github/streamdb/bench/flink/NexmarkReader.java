package com.github.streamdb.bench.flink;

import com.github.streamdb.bench.nexmark.Generator;
import com.github.streamdb.bench.nexmark.Pace;
import com.github.streamdb.bench.nexmark.Share;
import com.github.streamdb.bench.nexmark.Table;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/** Makes the events of a reader's share. */
final class NexmarkReader implements SourceReader<RowData, NexmarkSplit> {
    /** How many events are made before Flink may take a checkpoint. */
    private static final int BATCH = 256;

    /** How long a reader rests that has made all events that are due. */
    private static final Executor REST = CompletableFuture.delayedExecutor(500, TimeUnit.MICROSECONDS);

    private final Table table;
    private final int reader;
    private final Pace pace;
    private final Share share;
    private final Generator generator;
    private long next;

    NexmarkReader(Table table, long events, Pace pace, int reader, int readers) {
        this.table = table;
        this.reader = reader;
        this.pace = pace;
        share = new Share(table, events, reader, readers);
        generator = new Generator(0, pace.eventRate(), new FlinkValues());
        next = share.next(0);
    }

    @Override
    public InputStatus pollNext(ReaderOutput<RowData> output) {
        var due = pace.due();
        for (var i = 0; i < BATCH; i++) {
            if (next < 0) {
                return InputStatus.END_OF_INPUT;
            }
            if (next >= due) {
                return InputStatus.NOTHING_AVAILABLE;
            }
            output.collect(GenericRowData.of(generator.row(table, next)));
            next = share.next(next + 1);
        }
        return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public List<NexmarkSplit> snapshotState(long checkpoint) {
        return List.of(new NexmarkSplit(reader, next));
    }

    @Override
    public void addSplits(List<NexmarkSplit> restored) {
        for (var split : restored) {
            if (split.reader() != reader) {
                throw new IllegalStateException("the parallelism of the nexmark source cannot change");
            }
            next = split.next();
        }
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return next < pace.due() ? CompletableFuture.completedFuture(null) : CompletableFuture.runAsync(() -> {}, REST);
    }

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void start() {}

    @Override
    public void close() {}
}
