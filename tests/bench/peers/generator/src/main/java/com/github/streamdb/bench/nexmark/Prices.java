package com.github.streamdb.bench.nexmark;

import java.math.BigInteger;

/** Prices are log-uniform from 100 to 10^8, by integer arithmetic over a table of powers. */
final class Prices {
    /** floor(10^(2^-k) * 2^60) for k = 1..8. */
    private static final long[] ROOTS = {
        0x3298b075b4b6a524L, 0x1c73d51c54470e30L, 0x15561a91ba81443dL, 0x1279fcaca404e5acL,
        0x113197fa6aa6776bL, 0x10960c68d98bc2bfL, 0x104a5975b254b8aeL, 0x102501ee61ca6267L,
    };

    private static final long[] HUNDREDS = {100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000};

    /** 10^(i/256), in units of 2^-32. */
    private static final long[] POWERS = powers();

    private static long[] powers() {
        var powers = new long[257];
        for (var i = 0; i < 256; i++) {
            var x = BigInteger.ONE.shiftLeft(60);
            for (var k = 0; k < ROOTS.length; k++) {
                if ((i >> 7 - k & 1) == 1) {
                    x = x.multiply(BigInteger.valueOf(ROOTS[k])).shiftRight(60);
                }
            }
            powers[i] = x.shiftRight(28).longValueExact();
        }
        powers[256] = 10L << 32;
        return powers;
    }

    private Prices() {}

    /** The price of 32 random bits. */
    static long of(long bits) {
        var x = bits * 6;
        var i = (int) (x >>> 24) & 0xff;
        var mantissa = POWERS[i] + ((POWERS[i + 1] - POWERS[i]) * (x >>> 8 & 0xffff) >>> 16);
        return mantissa * HUNDREDS[(int) (x >>> 32)] + (1L << 31) >>> 32;
    }
}
