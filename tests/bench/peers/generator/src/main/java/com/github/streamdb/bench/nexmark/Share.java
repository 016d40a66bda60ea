package com.github.streamdb.bench.nexmark;

/**
 * A reader's share of a table's events. Readers take chunks of {@link #CHUNK} events in turn, so that they are at about the same event
 * time.
 */
public final class Share {
    /** A whole number of groups, so that each reader's chunks have all tables. */
    private static final long CHUNK = 20L * Table.GROUP;

    private final Table table;
    private final long until;
    private final int reader;
    private final int readers;

    /** The events below until of one of so many readers. */
    public Share(Table table, long until, int reader, int readers) {
        this.table = table;
        this.until = until;
        this.reader = reader;
        this.readers = readers;
    }

    /** The number of the share's first event from n on, or -1 when there is none. */
    public long next(long n) {
        n = table.next(n);
        var skip = Math.floorMod(reader - n / CHUNK, (long) readers);
        if (skip > 0) {
            n = table.next((n / CHUNK + skip) * CHUNK);
        }
        return n < until ? n : -1;
    }
}
