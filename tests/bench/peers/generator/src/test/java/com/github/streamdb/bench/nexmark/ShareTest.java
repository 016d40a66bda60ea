package com.github.streamdb.bench.nexmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ShareTest {
    @Test
    void readersHaveEachEventOnce() {
        var events = 12_345L;
        for (var readers = 1; readers <= 3; readers++) {
            var seen = new TreeSet<Long>();
            for (var table : Table.values()) {
                for (var reader = 0; reader < readers; reader++) {
                    for (var n : numbers(new Share(table, events, reader, readers), 0)) {
                        assertTrue(seen.add(n), "event " + n + " again");
                    }
                }
            }
            assertEquals(events, seen.size());
            assertEquals(events - 1, seen.last());
        }
    }

    /** Batches of any size are those of the whole, as Spark asks for them. */
    @Test
    void batchesAddUp() {
        var whole = numbers(new Share(Table.BID, 5_000, 1, 2), 0);
        var batches = new ArrayList<Long>();
        for (var from = 0L; from < 5_000; from += 777) {
            batches.addAll(numbers(new Share(Table.BID, Math.min(from + 777, 5_000), 1, 2), from));
        }
        assertEquals(whole, batches);
    }

    private static ArrayList<Long> numbers(Share share, long from) {
        var numbers = new ArrayList<Long>();
        for (var n = share.next(from); n >= 0; n = share.next(n + 1)) {
            numbers.add(n);
        }
        return numbers;
    }
}
