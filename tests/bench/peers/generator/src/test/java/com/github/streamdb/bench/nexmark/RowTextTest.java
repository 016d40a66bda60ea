package com.github.streamdb.bench.nexmark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class RowTextTest {
    @Test
    void isPostgresText() {
        var row = new RowText();
        row.add(-7);
        row.addNull();
        row.add(new BigDecimal("1234567890.120"));
        row.add(true);
        row.add("");
        row.add("a\\\b\f\n\r\t\u000bé");
        row.addTime(1_436_918_400_000_000L);
        row.addTime(1_436_918_400_100_000L);
        row.addTime(1_436_918_461_000_123L);
        row.addTime(-1);
        row.addDate(16_631);
        assertEquals("-7\t\\N\t1234567890.120\tt\t\ta\\\\\\b\\f\\n\\r\\t\\vé\t2015-07-15 00:00:00\t2015-07-15 00:00:00.1\t"
            + "2015-07-15 00:01:01.000123\t1969-12-31 23:59:59.999999\t2015-07-15", row.toString());
    }

    @Test
    void growsAndIsUsedAgain() {
        var row = new RowText();
        var long1 = "x".repeat(1000);
        row.add(long1);
        row.add(long1);
        assertEquals(long1 + "\t" + long1, row.toString());
        row.clear();
        row.add("a");
        assertEquals("a", row.toString());
        assertEquals(0xe6c632b61e964e1fL, row.hash()); // of xxhsum -H3
    }
}
