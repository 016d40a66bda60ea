package com.github.streamdb.bench.nexmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** How a peer holds values; numbers are {@link Long} to all. */
public interface Values {
    /** A text of ASCII; the bytes are shared and never written. */
    Object text(byte[] data, int from, int length);

    /** A time in milliseconds since 1970-01-01 00:00 UTC. */
    Object time(long millis);

    default Object text(String s) {
        var data = s.getBytes(US_ASCII);
        return text(data, 0, data.length);
    }
}
