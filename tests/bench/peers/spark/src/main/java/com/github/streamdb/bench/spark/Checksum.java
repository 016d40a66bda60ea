package com.github.streamdb.bench.spark;

import com.github.streamdb.bench.nexmark.RowText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Adds up the number of rows and their hashes. Spark says what a row is now but not what it was before, so a query whose rows change
 * names their key in a comment, {@code -- key: column, column}, and the last row of each key counts.
 */
final class Checksum implements VoidFunction2<Dataset<Row>, Long> {
    private static final long serialVersionUID = 1;
    private static final Pattern KEY = Pattern.compile("^-- key: (.*)$", Pattern.MULTILINE);

    private final List<String> key;
    private final Map<List<Object>, Long> hashes = new HashMap<>();
    private long rows;
    private long checksum;

    /** Of the result of a query. */
    Checksum(String query) {
        var comment = KEY.matcher(query);
        key = comment.find() ? List.of(comment.group(1).split(", *")) : List.of();
    }

    @Override
    public void call(Dataset<Row> batch, Long number) {
        var text = new RowText();
        batch.toLocalIterator().forEachRemaining(row -> {
            text.clear();
            for (var i = 0; i < row.size(); i++) {
                text.addValue(row.get(i));
            }
            add(row, text.hash());
        });
    }

    private void add(Row row, long hash) {
        var before = key.isEmpty() ? null : hashes.put(key.stream().<Object>map(row::getAs).toList(), hash);
        if (before == null) {
            rows++;
        } else {
            checksum -= before;
        }
        checksum += hash;
    }

    void write(Path directory) throws IOException {
        Files.writeString(directory.resolve("all"), rows + " " + Long.toUnsignedString(checksum) + "\n");
    }
}
