package com.github.streamdb.bench.nexmark;

/** A table of the event stream: where its events lie in a group of {@link #GROUP}. */
public enum Table {
    PERSON(0, 1, 6),
    AUCTION(1, 3, 5),
    BID(4, 46, 5);

    /** How many events a group has. */
    public static final int GROUP = 50;

    private final int first;
    private final int count;
    private final int timeColumn;

    Table(int first, int count, int timeColumn) {
        this.first = first;
        this.count = count;
        this.timeColumn = timeColumn;
    }

    /** Where date_time is in a row. */
    public int timeColumn() {
        return timeColumn;
    }

    /** The number of the table's first event from n on. */
    public long next(long n) {
        var offset = n % GROUP;
        if (offset < first) {
            return n - offset + first;
        }
        return offset < first + count ? n : n - offset + GROUP + first;
    }
}
