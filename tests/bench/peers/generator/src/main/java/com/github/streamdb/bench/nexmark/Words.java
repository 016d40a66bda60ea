package com.github.streamdb.bench.nexmark;

/** The random words that events are made of, and the numbers that are cut from them. Longs are unsigned. */
final class Words {
    private static final long W = 0x9e3779b97f4a7c15L;
    private static final int LANES = 8;

    private final long base;

    Words(long seed) {
        base = mix(seed + W);
    }

    /** The word of event n for the purpose that is the lane. */
    long at(long n, int lane) {
        return mix(base + (LANES * n + lane) * W);
    }

    private static long mix(long x) {
        x ^= x >>> 30;
        x *= 0xbf58476d1ce4e5b9L;
        x ^= x >>> 27;
        x *= 0x94d049bb133111ebL;
        return x ^ x >>> 31;
    }

    /** A number below k from the lower half of a word. */
    static long low(long w, long k) {
        return (w & 0xffffffffL) * k >>> 32;
    }

    /** A number below k from the upper half of a word. */
    static long high(long w, long k) {
        return (w >>> 32) * k >>> 32;
    }

    /** The 16-bit field j of a word. */
    static int field(long w, int j) {
        return (int) (w >>> 16 * j) & 0xffff;
    }

    /** A number below k from the 16-bit field j of a word. */
    static int field(long w, int j, int k) {
        return field(w, j) * k >>> 16;
    }
}
