package com.github.streamdb.bench.nexmark;

import java.time.LocalDate;

/** Times as PostgreSQL writes them with DateStyle ISO. Years have four digits here. */
final class Times {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

    private Times() {}

    static String date(long day) {
        return LocalDate.ofEpochDay(day).toString();
    }

    static String text(long micros) {
        var ofDay = Math.floorMod(micros, MICROS_PER_DAY);
        var second = ofDay / MICROS_PER_SECOND;
        var text = new StringBuilder(26).append(date(Math.floorDiv(micros, MICROS_PER_DAY))).append(' ');
        twoDigits(text, second / 3600).append(':');
        twoDigits(text, second / 60 % 60).append(':');
        twoDigits(text, second % 60);
        fraction(text, ofDay % MICROS_PER_SECOND);
        return text.toString();
    }

    private static StringBuilder twoDigits(StringBuilder text, long n) {
        return text.append((char) ('0' + n / 10)).append((char) ('0' + n % 10));
    }

    private static void fraction(StringBuilder text, long micros) {
        if (micros == 0) {
            return;
        }
        text.append('.');
        for (var unit = MICROS_PER_SECOND / 10; micros > 0; unit /= 10) {
            text.append((char) ('0' + micros / unit));
            micros %= unit;
        }
    }
}
