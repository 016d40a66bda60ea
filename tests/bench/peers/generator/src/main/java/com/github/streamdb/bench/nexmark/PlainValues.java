package com.github.streamdb.bench.nexmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;

/** Values as Java's own classes, to be written as text. */
final class PlainValues implements Values {
    static final PlainValues INSTANCE = new PlainValues();

    private PlainValues() {}

    @Override
    public Object text(byte[] data, int from, int length) {
        return new String(data, from, length, US_ASCII);
    }

    @Override
    public Object time(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    /** A row of such values as text. */
    static RowText text(Object[] row) {
        var text = new RowText();
        for (var value : row) {
            text.addValue(value);
        }
        return text;
    }
}
