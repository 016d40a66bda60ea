package com.github.streamdb.bench.nexmark;

import java.io.BufferedOutputStream;
import java.io.PrintStream;

/** Prints a table's rows as text, one a line, to be compared with StreamDB's: {@code Dump table seed event_rate events}. */
public final class Dump {
    private Dump() {}

    public static void main(String[] args) {
        var table = Table.valueOf(args[0].toUpperCase());
        var generator = new Generator(Long.parseLong(args[1]), Long.parseLong(args[2]), PlainValues.INSTANCE);
        var events = Long.parseLong(args[3]);
        try (var out = new PrintStream(new BufferedOutputStream(System.out, 1 << 16))) {
            for (var n = table.next(0); n < events; n = table.next(n + 1)) {
                out.println(PlainValues.line(generator.row(table, n)));
            }
        }
    }
}
