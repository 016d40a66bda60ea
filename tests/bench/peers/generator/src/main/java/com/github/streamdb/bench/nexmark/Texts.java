package com.github.streamdb.bench.nexmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** What all text columns are cut from. It is the same for all seeds, and never written after it is made. */
final class Texts {
    static final String[] FIRST = "Peter Paul Luke John Saul Vicky Kate Julie Sarah Deiter Walter".split(" ");
    static final String[] LAST = "Shultz Abrams Spencer White Bartels Walton Smith Jones Noris".split(" ");
    static final String[] CITIES =
        "Phoenix,Los Angeles,San Francisco,Boise,Portland,Bend,Redmond,Seattle,Kent,Cheyenne".split(",");
    static final String[] STATES = "AZ CA ID OR WA WY".split(" ");
    static final String[] HOT_CHANNELS = "Google Facebook Baidu Apple".split(" ");
    static final int COLD_CHANNELS = 10_000;

    private static final int POOL = 66_048;
    private static final Words WORDS = new Words(0x6e65786d61726bL);

    /** Letters from a to z, and the same with spaces among them. */
    static final byte[] LETTERS = new byte[POOL];
    static final byte[] PROSE = new byte[POOL];

    static {
        for (var i = 0; i < POOL; i++) {
            var w = WORDS.at(i, 0);
            LETTERS[i] = (byte) ('a' + Words.low(w, 26));
            PROSE[i] = Words.high(w, 13) == 0 ? (byte) ' ' : LETTERS[i];
        }
    }

    private Texts() {}

    /** The name of channel c: the cold ones come first. */
    static String channel(int c) {
        return c < COLD_CHANNELS ? "channel-" + c : HOT_CHANNELS[c - COLD_CHANNELS];
    }

    /** The URL of channel c. */
    static String url(int c) {
        var url = new StringBuilder("https://www.nexmark.com/");
        var w = WORDS.at(c, 1);
        for (var j = 0; j < 3; j++) {
            var length = 3 + (int) (w >>> 48 + j & 1);
            url.append(new String(PROSE, Words.field(w, j), length, US_ASCII).replace(' ', '_')).append('/');
        }
        url.append("item.htm?query=1");
        if (c < COLD_CHANNELS && Words.low(WORDS.at(c, 2), 10) > 0) {
            url.append("&channel_id=").append(Math.abs((long) Integer.reverse(c)));
        }
        return url.toString();
    }
}
