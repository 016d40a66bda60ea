package com.github.streamdb.bench.nexmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A query to be run to the end of its input.
 *
 * @param query the file with its SELECT
 * @param results the folder where the query's number of rows and checksum go, or null if only the time counts
 * @param events how many events there are, of the three tables together
 * @param eventRate events in a second of event time
 * @param begin when the first event is due, in milliseconds since 1970, and the others at the event rate; then the results are how
 *     long events took ({@link Latencies}). 0 if all are due at once
 * @param work a folder for the engine's own files
 */
public record Job(Path query, Path results, long events, long eventRate, long begin, Path work) {
    /** The query's text. */
    public String select() throws IOException {
        return Files.readString(query);
    }

    /** When the events are due. */
    public Pace pace() {
        return new Pace(begin, eventRate);
    }

    static Job parse(String line) {
        var fields = line.split("\t", -1);
        return new Job(Path.of(fields[0]), fields[1].isEmpty() ? null : Path.of(fields[1]),
            Long.parseLong(fields[2]), Long.parseLong(fields[3]), Long.parseLong(fields[4]), Path.of(fields[5]));
    }
}
