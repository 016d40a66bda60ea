package com.github.streamdb.bench.flink;

import com.github.streamdb.bench.nexmark.Values;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.data.binary.BinaryStringData;

/** Values as Flink's tables hold them; a text is not copied. */
final class FlinkValues implements Values {
    @Override
    public Object text(byte[] data, int from, int length) {
        return BinaryStringData.fromBytes(data, from, length);
    }

    @Override
    public Object time(long millis) {
        return TimestampData.fromEpochMillis(millis);
    }
}
