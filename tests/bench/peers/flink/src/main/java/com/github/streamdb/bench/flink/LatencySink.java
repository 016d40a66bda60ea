package com.github.streamdb.bench.flink;

import com.github.streamdb.bench.nexmark.Latencies;
import com.github.streamdb.bench.nexmark.Pace;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.table.data.RowData;
import org.apache.flink.types.RowKind;

/** Counts how long each row took. At the end each writer puts that into a file of the directory. */
final class LatencySink implements Sink<RowData> {
    private static final long serialVersionUID = 1;
    private static final int MILLIS = 3;

    private final String directory;
    private final Pace pace;
    private final long events;
    private final int timeColumn;

    LatencySink(String directory, Pace pace, long events, int timeColumn) {
        this.directory = directory;
        this.pace = pace;
        this.events = events;
        this.timeColumn = timeColumn;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) {
        var file = Path.of(directory, "writer-" + context.getTaskInfo().getIndexOfThisSubtask());
        return new Writer(file, new Latencies(pace, events), timeColumn);
    }

    private record Writer(Path file, Latencies latencies, int timeColumn) implements SinkWriter<RowData> {
        @Override
        public void write(RowData row, Context context) {
            if (row.getRowKind() == RowKind.INSERT || row.getRowKind() == RowKind.UPDATE_AFTER) {
                latencies.seen(row.getTimestamp(timeColumn, MILLIS).getMillisecond());
            }
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            if (endOfInput) {
                latencies.write(file);
            }
        }

        @Override
        public void close() {}
    }
}
