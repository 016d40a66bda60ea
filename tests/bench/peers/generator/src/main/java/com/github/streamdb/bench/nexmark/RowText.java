package com.github.streamdb.bench.nexmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * A row as text: its values as PostgreSQL writes them, joined by tabs, with \N for null. The checksum of a result is the sum over its
 * rows of weight × {@link #hash}, modulo 2^64, so that a row and its retraction cancel and the order does not matter.
 */
public final class RowText {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private byte[] data = new byte[256];
    private int length;

    /** Begins a new row. */
    public void clear() {
        length = 0;
        first = true;
    }

    private boolean first = true;

    public void addNull() {
        add("\\N");
    }

    public void add(long value) {
        add(Long.toString(value));
    }

    public void add(BigDecimal value) {
        add(value.toPlainString());
    }

    public void add(boolean value) {
        add(value ? "t" : "f");
    }

    public void add(String value) {
        add(value.getBytes(UTF_8));
    }

    public void add(byte[] utf8) {
        add(utf8, 0, utf8.length);
    }

    public void add(byte[] utf8, int from, int n) {
        var at = begin(n);
        System.arraycopy(utf8, from, data, at, n);
    }

    /** A time in microseconds since 1970-01-01 00:00 UTC, without the zeros at the end of its fraction. */
    public void addTime(long micros) {
        add(Times.text(micros));
    }

    /** A day since 1970-01-01. */
    public void addDate(long day) {
        add(Times.date(day));
    }

    /** Makes room for a value of n bytes, behind a tab if it is not the first. */
    private int begin(int n) {
        var tab = first ? 0 : 1;
        var at = length + tab;
        if (at + n > data.length) {
            data = Arrays.copyOf(data, Math.max(at + n, 2 * data.length));
        }
        if (!first) {
            data[length] = '\t';
        }
        first = false;
        length = at + n;
        return at;
    }

    /** FNV-1a of 64 bits of the row's text. */
    public long hash() {
        var h = FNV_OFFSET;
        for (var i = 0; i < length; i++) {
            h = (h ^ data[i] & 0xff) * FNV_PRIME;
        }
        return h;
    }

    @Override
    public String toString() {
        return new String(data, 0, length, UTF_8);
    }
}
