package com.github.streamdb.bench.spark;

import com.github.streamdb.bench.nexmark.Pace;
import com.github.streamdb.bench.nexmark.Table;
import java.util.Map;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** The format "nexmark", known to Spark by META-INF/services. */
public final class NexmarkProvider implements TableProvider, DataSourceRegister {
    @Override
    public String shortName() {
        return "nexmark";
    }

    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        return switch (table(options)) {
            case PERSON -> StructType.fromDDL("id BIGINT, name STRING, email_address STRING, credit_card STRING, city STRING, "
                + "state STRING, date_time TIMESTAMP, extra STRING");
            case AUCTION -> StructType.fromDDL("id BIGINT, item_name STRING, description STRING, initial_bid BIGINT, reserve BIGINT, "
                + "date_time TIMESTAMP, expires TIMESTAMP, seller BIGINT, category BIGINT, extra STRING");
            case BID -> StructType.fromDDL("auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, "
                + "date_time TIMESTAMP, extra STRING");
        };
    }

    private static Table table(CaseInsensitiveStringMap options) {
        return Table.valueOf(options.get("table").toUpperCase());
    }

    @Override
    public org.apache.spark.sql.connector.catalog.Table getTable(
            StructType schema, Transform[] partitioning, Map<String, String> properties) {
        var options = new CaseInsensitiveStringMap(properties);
        return new NexmarkTable(schema, new NexmarkStream(table(options), options.getLong("events", 0),
            new Pace(options.getLong("begin", 0), options.getLong("event_rate", 0)), options.getLong("events_per_batch", 0), options.getInt("readers", 1)));
    }
}
