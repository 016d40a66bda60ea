package com.github.streamdb.bench.flink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;

/** Adds up the rows' weights and weighted hashes. At the end each writer puts both sums into a file of the directory. */
final class ChecksumSink implements Sink<RowData> {
    private static final long serialVersionUID = 1;

    private final String directory;
    private final List<LogicalType> types;

    ChecksumSink(String directory, List<LogicalType> types) {
        this.directory = directory;
        this.types = types;
    }

    @Override
    public SinkWriter<RowData> createWriter(WriterInitContext context) {
        return new Writer(Path.of(directory, "writer-" + context.getTaskInfo().getIndexOfThisSubtask()), new RowSpeller(types));
    }

    private static final class Writer implements SinkWriter<RowData> {
        private final Path file;
        private final RowSpeller speller;
        private long rows;
        private long checksum;

        Writer(Path file, RowSpeller speller) {
            this.file = file;
            this.speller = speller;
        }

        @Override
        public void write(RowData row, Context context) {
            var hash = speller.spell(row).hash();
            switch (row.getRowKind()) {
                case INSERT, UPDATE_AFTER -> {
                    rows++;
                    checksum += hash;
                }
                case DELETE, UPDATE_BEFORE -> {
                    rows--;
                    checksum -= hash;
                }
            }
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            if (endOfInput) {
                Files.writeString(file, rows + " " + Long.toUnsignedString(checksum) + "\n");
            }
        }

        @Override
        public void close() {}
    }
}
