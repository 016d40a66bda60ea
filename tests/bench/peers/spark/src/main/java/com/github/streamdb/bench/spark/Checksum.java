package com.github.streamdb.bench.spark;

import com.github.streamdb.bench.nexmark.RowText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Adds up the number of rows and their hashes, of all batches or, where each has the whole result, of the last. */
final class Checksum implements VoidFunction2<Dataset<Row>, Long> {
    private static final long serialVersionUID = 1;

    private final boolean whole;
    private long rows;
    private long checksum;

    Checksum(boolean whole) {
        this.whole = whole;
    }

    @Override
    public void call(Dataset<Row> batch, Long number) {
        if (whole) {
            rows = 0;
            checksum = 0;
        }
        var text = new RowText();
        for (var row : batch.collectAsList()) {
            text.clear();
            for (var i = 0; i < row.size(); i++) {
                text.addValue(row.get(i));
            }
            rows++;
            checksum += text.hash();
        }
    }

    void write(Path directory) throws IOException {
        Files.writeString(directory.resolve("all"), rows + " " + Long.toUnsignedString(checksum) + "\n");
    }
}
