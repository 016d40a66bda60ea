package com.github.streamdb.bench.nexmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    /** The events that every port must make. */
    private static final Path GOLDEN = Path.of("../../../../storage/connector/nexmark/testdata/events.txt");

    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    @Test
    void makesTheGoldenEvents() throws IOException {
        var compared = 0;
        for (var line : Files.readAllLines(GOLDEN)) {
            if (line.startsWith("#")) {
                continue;
            }
            var fields = line.split("\\|", 5);
            var generator = new Generator(Long.parseLong(fields[0]), Long.parseLong(fields[1]), PlainValues.INSTANCE);
            var n = Long.parseLong(fields[2]);
            var table = Table.valueOf(fields[3].toUpperCase());
            assertEquals(n, table.next(n), line);
            assertEquals(fields[4], spell(generator.row(table, n)), line);
            compared++;
        }
        assertTrue(compared > 400, "golden events");
    }

    private static String spell(Object[] row) {
        return Arrays.stream(row)
            .map(v -> v instanceof Instant time ? TIME.format(time) : v.toString())
            .collect(Collectors.joining("|"));
    }

    @Test
    void everyEventIsOfOneTable() {
        for (var n = 0L; n < 2 * Table.GROUP; n++) {
            var tables = 0;
            for (var table : Table.values()) {
                tables += table.next(n) == n ? 1 : 0;
            }
            assertEquals(1, tables, "event " + n);
        }
    }
}
