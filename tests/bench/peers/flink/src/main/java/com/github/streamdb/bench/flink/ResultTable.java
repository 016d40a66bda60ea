package com.github.streamdb.bench.flink;

import com.github.streamdb.bench.nexmark.Pace;
import java.util.Set;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.types.RowKind;

/** A table whose writers each put a figure about all rows into a file of a directory. */
final class ResultTable implements DynamicTableSink {
    static final ConfigOption<String> DIRECTORY = ConfigOptions.key("directory").stringType().noDefaultValue();
    static final ConfigOption<Long> EVENTS = ConfigOptions.key("events").longType().noDefaultValue();
    static final ConfigOption<Long> EVENT_RATE = ConfigOptions.key("event_rate").longType().noDefaultValue();
    static final ConfigOption<Long> BEGIN = ConfigOptions.key("begin").longType().noDefaultValue();

    private final String name;
    private final Sink<RowData> sink;
    private final boolean rowsBefore;

    /** rowsBefore asks for what rows were before they changed. */
    private ResultTable(String name, Sink<RowData> sink, boolean rowsBefore) {
        this.name = name;
        this.sink = sink;
        this.rowsBefore = rowsBefore;
    }

    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        if (rowsBefore) {
            return ChangelogMode.all();
        }
        var mode = ChangelogMode.newBuilder();
        requested.getContainedKinds().stream().filter(kind -> kind != RowKind.UPDATE_BEFORE).forEach(mode::addContainedKind);
        return mode.build();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        return SinkV2Provider.of(sink);
    }

    @Override
    public DynamicTableSink copy() {
        return new ResultTable(name, sink, rowsBefore);
    }

    @Override
    public String asSummaryString() {
        return name;
    }

    /** The connector 'checksum': the rows' number and checksum. Known to Flink, as the other, by META-INF/services. */
    public static final class Checksum implements DynamicTableSinkFactory {
        @Override
        public String factoryIdentifier() {
            return "checksum";
        }

        @Override
        public Set<ConfigOption<?>> requiredOptions() {
            return Set.of(DIRECTORY);
        }

        @Override
        public Set<ConfigOption<?>> optionalOptions() {
            return Set.of();
        }

        @Override
        public DynamicTableSink createDynamicTableSink(Context context) {
            var helper = FactoryUtil.createTableFactoryHelper(this, context);
            helper.validate();
            var types = context.getPhysicalRowDataType().getLogicalType().getChildren();
            return new ResultTable("checksum", new ChecksumSink(helper.getOptions().get(DIRECTORY), types), true);
        }
    }

    /** The connector 'latency': how long rows took, whose last column is the date_time of their newest event. */
    public static final class Latency implements DynamicTableSinkFactory {
        @Override
        public String factoryIdentifier() {
            return "latency";
        }

        @Override
        public Set<ConfigOption<?>> requiredOptions() {
            return Set.of(DIRECTORY, EVENTS, EVENT_RATE, BEGIN);
        }

        @Override
        public Set<ConfigOption<?>> optionalOptions() {
            return Set.of();
        }

        @Override
        public DynamicTableSink createDynamicTableSink(Context context) {
            var helper = FactoryUtil.createTableFactoryHelper(this, context);
            helper.validate();
            var options = helper.getOptions();
            var time = context.getPhysicalRowDataType().getLogicalType().getChildren().size() - 1;
            var pace = new Pace(options.get(BEGIN), options.get(EVENT_RATE));
            return new ResultTable("latency", new LatencySink(options.get(DIRECTORY), pace, options.get(EVENTS), time), false);
        }
    }
}
