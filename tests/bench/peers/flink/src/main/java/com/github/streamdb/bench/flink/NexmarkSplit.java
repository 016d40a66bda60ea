package com.github.streamdb.bench.flink;

import java.nio.ByteBuffer;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** A reader's share of the events, and the number of the event that comes next. */
record NexmarkSplit(int reader, long next) implements SourceSplit {
    @Override
    public String splitId() {
        return Integer.toString(reader);
    }

    static final class Serializer implements SimpleVersionedSerializer<NexmarkSplit> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(NexmarkSplit split) {
            return ByteBuffer.allocate(Integer.BYTES + Long.BYTES).putInt(split.reader).putLong(split.next).array();
        }

        @Override
        public NexmarkSplit deserialize(int version, byte[] serialized) {
            var buffer = ByteBuffer.wrap(serialized);
            return new NexmarkSplit(buffer.getInt(), buffer.getLong());
        }
    }
}
