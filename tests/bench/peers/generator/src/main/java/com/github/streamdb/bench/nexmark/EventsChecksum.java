package com.github.streamdb.bench.nexmark;

/** Prints the number and the checksum of the rows of all tables: {@code EventsChecksum event_rate events}. */
public final class EventsChecksum {
    private EventsChecksum() {}

    public static void main(String[] args) {
        var generator = new Generator(0, Long.parseLong(args[0]), PlainValues.INSTANCE);
        var events = Long.parseLong(args[1]);
        var rows = 0L;
        var checksum = 0L;
        for (var table : Table.values()) {
            for (var n = table.next(0); n < events; n = table.next(n + 1)) {
                checksum += PlainValues.text(generator.row(table, n)).hash();
                rows++;
            }
        }
        System.out.println(rows + " " + Long.toUnsignedString(checksum));
    }
}
