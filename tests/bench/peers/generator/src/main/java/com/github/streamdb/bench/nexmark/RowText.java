package com.github.streamdb.bench.nexmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * A row as PostgreSQL's COPY writes it, without the line end: values as text, joined by tabs, with \N for null. The checksum of a result is
 * the sum over its rows of weight × {@link #hash}, modulo 2^64, so that a row and its retraction cancel and the order does not
 * matter. It equals that of StreamDB's blackhole sink.
 */
public final class RowText {
    private static final Hasher64 XXH3 = Hashing.xxh3_64();

    /** What COPY writes behind a backslash, and how. */
    private static final String ESCAPED = "\\\b\f\n\r\t\u000b";
    private static final String ESCAPES = "\\bfnrtv";

    private byte[] data = new byte[256];
    private int length;
    private boolean first = true;

    /** Begins a new row. */
    public void clear() {
        length = 0;
        first = true;
    }

    public void addNull() {
        addPlain("\\N");
    }

    public void add(long value) {
        addPlain(Long.toString(value));
    }

    public void add(BigDecimal value) {
        addPlain(value.toPlainString());
    }

    public void add(boolean value) {
        addPlain(value ? "t" : "f");
    }

    public void add(String value) {
        add(value.getBytes(UTF_8));
    }

    public void add(byte[] utf8) {
        tab();
        for (var c : utf8) {
            var escaped = ESCAPED.indexOf(c);
            if (escaped >= 0) {
                append((byte) '\\');
                append((byte) ESCAPES.charAt(escaped));
            } else {
                append(c);
            }
        }
    }

    /** A time in microseconds since 1970-01-01 00:00 UTC, without the zeros at the end of its fraction. */
    public void addTime(long micros) {
        addPlain(Times.text(micros));
    }

    /** A day since 1970-01-01. */
    public void addDate(long day) {
        addPlain(Times.date(day));
    }

    /** A value of one of Java's own classes. */
    public void addValue(Object value) {
        if (value == null) {
            addNull();
        } else if (value instanceof Long || value instanceof Integer) {
            add(((Number) value).longValue());
        } else if (value instanceof String text) {
            add(text);
        } else if (value instanceof BigDecimal number) {
            add(number);
        } else if (value instanceof Instant time) {
            addTime(ChronoUnit.MICROS.between(Instant.EPOCH, time));
        } else if (value instanceof Boolean truth) {
            add(truth);
        } else {
            throw new UnsupportedOperationException("no text for " + value.getClass());
        }
    }

    /** A value of ASCII without anything to escape. */
    private void addPlain(String value) {
        tab();
        for (var i = 0; i < value.length(); i++) {
            append((byte) value.charAt(i));
        }
    }

    private void tab() {
        if (!first) {
            append((byte) '\t');
        }
        first = false;
    }

    private void append(byte c) {
        if (length == data.length) {
            data = Arrays.copyOf(data, 2 * length);
        }
        data[length++] = c;
    }

    /** XXH3 of 64 bits of the row's text. */
    public long hash() {
        return XXH3.hashBytesToLong(data, 0, length);
    }

    @Override
    public String toString() {
        return new String(data, 0, length, UTF_8);
    }
}
