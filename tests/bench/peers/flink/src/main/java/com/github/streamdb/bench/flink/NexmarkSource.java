package com.github.streamdb.bench.flink;

import com.github.streamdb.bench.nexmark.Pace;
import com.github.streamdb.bench.nexmark.Table;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;

/**
 * A table's events up to a number. Each reader makes its share of them, which it knows from its index, so there is nothing to
 * enumerate; what has to be remembered is how far each reader is.
 */
final class NexmarkSource implements Source<RowData, NexmarkSplit, NexmarkSource.Nothing> {
    private static final long serialVersionUID = 1;

    private final Table table;
    private final long events;
    private final Pace pace;

    NexmarkSource(Table table, long events, Pace pace) {
        this.table = table;
        this.events = events;
        this.pace = pace;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<RowData, NexmarkSplit> createReader(SourceReaderContext context) {
        return new NexmarkReader(table, events, pace, context.getIndexOfSubtask(), context.currentParallelism());
    }

    @Override
    public SplitEnumerator<NexmarkSplit, Nothing> createEnumerator(SplitEnumeratorContext<NexmarkSplit> context) {
        return new NoEnumerator();
    }

    @Override
    public SplitEnumerator<NexmarkSplit, Nothing> restoreEnumerator(
            SplitEnumeratorContext<NexmarkSplit> context, Nothing checkpoint) {
        return new NoEnumerator();
    }

    @Override
    public SimpleVersionedSerializer<NexmarkSplit> getSplitSerializer() {
        return new NexmarkSplit.Serializer();
    }

    @Override
    public SimpleVersionedSerializer<Nothing> getEnumeratorCheckpointSerializer() {
        return new Nothing.Serializer();
    }

    /** What an enumerator without splits remembers. */
    record Nothing() {
        static final class Serializer implements SimpleVersionedSerializer<Nothing> {
            @Override
            public int getVersion() {
                return 1;
            }

            @Override
            public byte[] serialize(Nothing nothing) {
                return new byte[0];
            }

            @Override
            public Nothing deserialize(int version, byte[] serialized) {
                return new Nothing();
            }
        }
    }

    private static final class NoEnumerator implements SplitEnumerator<NexmarkSplit, Nothing> {
        @Override
        public void start() {}

        @Override
        public void handleSplitRequest(int subtask, String host) {}

        @Override
        public void addSplitsBack(List<NexmarkSplit> splits, int subtask) {}

        @Override
        public void addReader(int subtask) {}

        @Override
        public Nothing snapshotState(long checkpoint) {
            return new Nothing();
        }

        @Override
        public void close() {}
    }
}
