package com.github.streamdb.bench.spark;

import java.util.Arrays;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.Column;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A table of the event stream, always with all its columns, as no projection is pushed into it. */
record NexmarkTable(StructType type, NexmarkStream stream) implements SupportsRead {
    @Override
    public String name() {
        return "nexmark";
    }

    @Override
    public Column[] columns() {
        return Arrays.stream(type.fields()).map(f -> Column.create(f.name(), f.dataType(), f.nullable())).toArray(Column[]::new);
    }

    @Override
    public Set<TableCapability> capabilities() {
        return Set.of(TableCapability.MICRO_BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
        return () -> new NexmarkScan(type, stream);
    }

    private record NexmarkScan(StructType readSchema, NexmarkStream stream) implements Scan {
        @Override
        public MicroBatchStream toMicroBatchStream(String checkpointLocation) {
            return stream;
        }
    }
}
