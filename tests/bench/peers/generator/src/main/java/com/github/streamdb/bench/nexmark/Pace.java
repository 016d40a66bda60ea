package com.github.streamdb.bench.nexmark;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When events are due: by their time, at the event rate.
 *
 * @param begin when the first event is due, in milliseconds since 1970, or when the process that makes and sees the events first asks, if
 *     that is later, as a job may take long to be started; 0 if all are due at once
 * @param eventRate events in a second
 */
public record Pace(long begin, long eventRate) implements Serializable {
    private static final long MICROS_PER_MILLI = 1000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    /** When the first event was due, by begin. */
    private static final ConcurrentHashMap<Long, Long> BEGAN = new ConcurrentHashMap<>();

    /** How many events are due by now. */
    public long due() {
        if (begin == 0) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, (now() - began() * MICROS_PER_MILLI) * eventRate / MICROS_PER_SECOND);
    }

    /** How many microseconds ago the events with a date_time, in milliseconds since 1970, were due. */
    long ago(long dateTime) {
        return now() - (began() + dateTime - Generator.BASE_TIME) * MICROS_PER_MILLI;
    }

    private long began() {
        return BEGAN.computeIfAbsent(begin, earliest -> Math.max(earliest, System.currentTimeMillis()));
    }

    private static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
