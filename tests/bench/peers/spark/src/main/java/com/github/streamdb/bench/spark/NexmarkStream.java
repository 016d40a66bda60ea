package com.github.streamdb.bench.spark;

import com.github.streamdb.bench.nexmark.Pace;
import com.github.streamdb.bench.nexmark.Table;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;

/**
 * A table's events up to a number, in batches. An offset is the number of the next event; the one behind the last event is
 * the end row, far in the future, which closes all windows; there is none if events have a pace.
 */
record NexmarkStream(Table table, long events, Pace pace, long eventsPerBatch, int readers)
        implements MicroBatchStream, SupportsTriggerAvailableNow {
    /** The number of an event. */
    static final class At extends Offset {
        private final long event;

        At(long event) {
            this.event = event;
        }

        @Override
        public String json() {
            return Long.toString(event);
        }
    }

    @Override
    public Offset initialOffset() {
        return new At(0);
    }

    @Override
    public Offset deserializeOffset(String json) {
        return new At(Long.parseLong(json));
    }

    @Override
    public void prepareForTriggerAvailableNow() {}

    @Override
    public ReadLimit getDefaultReadLimit() {
        return ReadLimit.maxRows(eventsPerBatch);
    }

    @Override
    public Offset latestOffset() {
        return new At(available());
    }

    @Override
    public Offset latestOffset(Offset start, ReadLimit limit) {
        return new At(Math.min(((At) start).event + eventsPerBatch, available()));
    }

    private long available() {
        return pace.begin() == 0 ? events + 1 : Math.min(events, pace.due());
    }

    @Override
    public InputPartition[] planInputPartitions(Offset start, Offset end) {
        var partitions = new InputPartition[readers];
        for (var i = 0; i < readers; i++) {
            partitions[i] = new NexmarkPartition(table, ((At) start).event, ((At) end).event, events, pace.eventRate(), i, readers);
        }
        return partitions;
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
        return partition -> new NexmarkReader((NexmarkPartition) partition);
    }

    @Override
    public void commit(Offset end) {}

    @Override
    public void stop() {}
}
