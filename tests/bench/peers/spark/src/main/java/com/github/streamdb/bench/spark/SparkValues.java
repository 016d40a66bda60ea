package com.github.streamdb.bench.spark;

import com.github.streamdb.bench.nexmark.Values;
import org.apache.spark.unsafe.types.UTF8String;

/** Values as Spark's internal rows hold them; a text is not copied. */
final class SparkValues implements Values {
    @Override
    public Object text(byte[] data, int from, int length) {
        return UTF8String.fromBytes(data, from, length);
    }

    @Override
    public Object time(long millis) {
        return millis * 1000;
    }
}
