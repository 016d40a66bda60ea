package com.github.streamdb.bench.flink;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;

/** The connector 'checksum': asks for all changes, and writes their number and checksum to a file for each writer. */
final class ChecksumTable implements DynamicTableSink {
    private final String directory;
    private final DataType type;

    private ChecksumTable(String directory, DataType type) {
        this.directory = directory;
        this.type = type;
    }

    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        return ChangelogMode.all();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        return SinkV2Provider.of(new ChecksumSink(directory, type.getLogicalType().getChildren()));
    }

    @Override
    public DynamicTableSink copy() {
        return new ChecksumTable(directory, type);
    }

    @Override
    public String asSummaryString() {
        return "checksum";
    }

    /** Makes the connector known to Flink, by META-INF/services. */
    public static final class Factory implements DynamicTableSinkFactory {
        static final ConfigOption<String> DIRECTORY = ConfigOptions.key("directory").stringType().noDefaultValue();

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
            return new ChecksumTable(helper.getOptions().get(DIRECTORY), context.getPhysicalRowDataType());
        }
    }
}
