package com.github.streamdb.bench.nexmark;

import static com.github.streamdb.bench.nexmark.Texts.LETTERS;
import static com.github.streamdb.bench.nexmark.Texts.PROSE;

import java.util.function.IntFunction;

/**
 * Makes the events of a seed and event rate, as docs/nexmark-generator.md defines them: every event is a pure function of its number.
 * A row is an array with the table's columns in order. Not changed once made, so threads can share it.
 */
public final class Generator {
    static final long BASE_TIME = 1_436_918_400_000L; // 2015-07-15 00:00:00 UTC
    private static final long FIRST_ID = 1000; // of persons and of auctions
    private static final long ACTIVE_PERSONS = 1000;
    private static final long IN_FLIGHT_AUCTIONS = 100;
    private static final long HOT_EVERY = 100;
    private static final long EVENTS_IN_FLIGHT = 1666; // so many open IN_FLIGHT_AUCTIONS auctions
    private static final int LANE_EXTRA = 4;

    private final Words words;
    private final long eventRate;
    private final Values values;
    private final Object[] names;
    private final Object[] cities;
    private final Object[] states;
    private final Object[] channels;
    private final Object[] urls;

    public Generator(long seed, long eventRate, Values values) {
        words = new Words(seed);
        this.eventRate = eventRate;
        this.values = values;
        names = texts(Texts.FIRST.length * Texts.LAST.length,
            i -> Texts.FIRST[i / Texts.LAST.length] + " " + Texts.LAST[i % Texts.LAST.length]);
        cities = texts(Texts.CITIES.length, i -> Texts.CITIES[i]);
        states = texts(Texts.STATES.length, i -> Texts.STATES[i]);
        var allChannels = Texts.COLD_CHANNELS + Texts.HOT_CHANNELS.length;
        channels = texts(allChannels, Texts::channel);
        urls = texts(allChannels, Texts::url);
    }

    private Object[] texts(int n, IntFunction<String> of) {
        var made = new Object[n];
        for (var i = 0; i < n; i++) {
            made[i] = values.text(of.apply(i));
        }
        return made;
    }

    /** The row of event n, which must be the table's. */
    public Object[] row(Table table, long n) {
        return switch (table) {
            case PERSON -> person(n);
            case AUCTION -> auction(n);
            case BID -> bid(n);
        };
    }

    private Object[] person(long n) {
        var w0 = words.at(n, 0);
        var w3 = words.at(n, 3);
        var name = Words.field(w0, 0, Texts.FIRST.length) * Texts.LAST.length + Words.field(w0, 1, Texts.LAST.length);
        return new Object[] {
            FIRST_ID + n / Table.GROUP,
            names[name],
            email(words.at(n, 1)),
            creditCard(words.at(n, 2)),
            cities[Words.field(w3, 0, cities.length)],
            states[Words.field(w3, 1, states.length)],
            values.time(BASE_TIME + millis(n)),
            extra(n, 105, 53),
        };
    }

    private Object email(long w) {
        var user = 3 + Words.field(w, 0, 4);
        var host = 3 + Words.field(w, 2, 2);
        var data = new byte[user + 1 + host + 4];
        System.arraycopy(LETTERS, Words.field(w, 1), data, 0, user);
        data[user] = '@';
        System.arraycopy(LETTERS, Words.field(w, 3), data, user + 1, host);
        System.arraycopy(DOT_COM, 0, data, user + 1 + host, DOT_COM.length);
        return values.text(data, 0, data.length);
    }

    private static final byte[] DOT_COM = {'.', 'c', 'o', 'm'};

    private Object creditCard(long w) {
        var data = new byte[19];
        for (int j = 0, at = 0; j < 4; j++, at += 5) {
            var digits = Words.field(w, j, 10_000);
            for (var place = at + 3; place >= at; place--, digits /= 10) {
                data[place] = (byte) ('0' + digits % 10);
            }
            if (j < 3) {
                data[at + 4] = ' ';
            }
        }
        return values.text(data, 0, data.length);
    }

    private Object[] auction(long n) {
        var group = n / Table.GROUP;
        var w0 = words.at(n, 0);
        var w1 = words.at(n, 1);
        var w2 = words.at(n, 2);
        var w3 = words.at(n, 3);
        var millis = millis(n);
        var initialBid = Prices.of(w1 & 0xffffffffL);
        var longest = Math.max(1, 2 * (millis(n + EVENTS_IN_FLIGHT) - millis));
        return new Object[] {
            FIRST_ID + 3 * group + n % Table.GROUP - 1,
            prose(Words.field(w0, 1), 3 + Words.field(w0, 0, 17)),
            prose(Words.field(w0, 3), 3 + Words.field(w0, 2, 97)),
            initialBid,
            initialBid + Prices.of(w1 >>> 32),
            values.time(BASE_TIME + millis),
            values.time(BASE_TIME + millis + 1 + Words.low(w2, longest)),
            person(group, w3, 0),
            10 + Words.high(w2, 5),
            extra(n, 306, 153),
        };
    }

    /** A piece of prose without spaces at its ends. */
    private Object prose(int from, int length) {
        var until = from + length;
        while (from < until && PROSE[from] == ' ') {
            from++;
        }
        while (from < until && PROSE[until - 1] == ' ') {
            until--;
        }
        return values.text(PROSE, from, until - from);
    }

    private Object[] bid(long n) {
        var group = n / Table.GROUP;
        var w3 = words.at(n, 3);
        var channel = (int) (Words.low(w3, 2) == 0
            ? Words.high(w3, Texts.COLD_CHANNELS)
            : Texts.COLD_CHANNELS + Words.high(w3, Texts.HOT_CHANNELS.length));
        return new Object[] {
            auctionOf(group, words.at(n, 0)),
            person(group, words.at(n, 1), 1),
            Prices.of(words.at(n, 2) & 0xffffffffL),
            channels[channel],
            urls[channel],
            values.time(BASE_TIME + millis(n)),
            extra(n, 54, 29),
        };
    }

    /** The auction of a bid in a group: one in flight, or the hot one. */
    private static long auctionOf(long group, long w) {
        var newest = 3 * group + 2;
        if (Words.low(w, 2) > 0) {
            return FIRST_ID + newest / HOT_EVERY * HOT_EVERY;
        }
        var back = Math.min(newest, IN_FLIGHT_AUCTIONS);
        return FIRST_ID + newest - back + Words.high(w, back + 1);
    }

    /** A seller or bidder in a group: an active person, or the hot one, who is number skip of a hundred. */
    private static long person(long newest, long w, long skip) {
        if (Words.low(w, 4) > 0) {
            return FIRST_ID + Math.min(newest / HOT_EVERY * HOT_EVERY + skip, newest);
        }
        var active = Math.min(newest + 1, ACTIVE_PERSONS);
        return FIRST_ID + newest + 1 - active + Words.high(w, active);
    }

    private Object extra(long n, int least, int lengths) {
        var w = words.at(n, LANE_EXTRA);
        return values.text(LETTERS, Words.field(w, 1), least + Words.field(w, 0, lengths));
    }

    /** When event n happens, after the first. */
    private long millis(long n) {
        return n * 1000 / eventRate;
    }
}
