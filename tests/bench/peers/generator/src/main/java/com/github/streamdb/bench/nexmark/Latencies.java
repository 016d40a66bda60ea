package com.github.streamdb.bench.nexmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * How long it took from when events were due until their results were seen. The first half of the events only warms up, and does not
 * count.
 */
public final class Latencies {
    /** A bucket is a tenth of a millisecond; the last one is for all that took longer than a minute. */
    private static final int MICROS_PER_BUCKET = 100;

    private final long[] counts = new long[600_001];
    private final Pace pace;
    private final long from;

    /** Of a query over so many events. */
    public Latencies(Pace pace, long events) {
        this.pace = pace;
        from = Generator.BASE_TIME + events / 2 * 1000 / pace.eventRate();
    }

    /** The result of an event with this date_time is seen now. */
    public void seen(long dateTime) {
        if (dateTime >= from) {
            counts[(int) Math.min(counts.length - 1, Math.max(0, pace.ago(dateTime)) / MICROS_PER_BUCKET)]++;
        }
    }

    /** The results of all events until this date_time are seen now that were not before: those of each millisecond count as one. */
    public void seen(long before, long until) {
        for (var t = Math.max(before + 1, from); t <= until; t++) {
            seen(t);
        }
    }

    /** Writes a line for each bucket that is not empty: how long, in tenths of a millisecond, and how many. */
    public void write(Path file) throws IOException {
        var lines = new ArrayList<String>();
        for (var i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                lines.add(i + " " + counts[i]);
            }
        }
        Files.write(file, lines);
    }
}
