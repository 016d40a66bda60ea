package com.github.streamdb.bench.flink;

import com.github.streamdb.bench.nexmark.Pace;
import com.github.streamdb.bench.nexmark.Table;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/** The connector 'nexmark': a table of the event stream, always with all its columns, as no projection is pushed into it. */
final class NexmarkTable implements ScanTableSource {
    private final NexmarkSource source;

    private NexmarkTable(NexmarkSource source) {
        this.source = source;
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        return SourceProvider.of(source);
    }

    @Override
    public DynamicTableSource copy() {
        return new NexmarkTable(source);
    }

    @Override
    public String asSummaryString() {
        return "nexmark";
    }

    /** Makes the connector known to Flink, by META-INF/services. */
    public static final class Factory implements DynamicTableSourceFactory {
        private static final ConfigOption<Table> TABLE = ConfigOptions.key("table").enumType(Table.class).noDefaultValue();
        private static final ConfigOption<Long> EVENTS = ConfigOptions.key("events").longType().noDefaultValue();
        private static final ConfigOption<Long> EVENT_RATE = ConfigOptions.key("event_rate").longType().noDefaultValue();
        private static final ConfigOption<Long> BEGIN = ConfigOptions.key("begin").longType().defaultValue(0L);

        @Override
        public String factoryIdentifier() {
            return "nexmark";
        }

        @Override
        public Set<ConfigOption<?>> requiredOptions() {
            return Set.of(TABLE, EVENTS, EVENT_RATE);
        }

        @Override
        public Set<ConfigOption<?>> optionalOptions() {
            return Set.of(BEGIN);
        }

        @Override
        public DynamicTableSource createDynamicTableSource(Context context) {
            var helper = FactoryUtil.createTableFactoryHelper(this, context);
            helper.validate();
            var options = helper.getOptions();
            var pace = new Pace(options.get(BEGIN), options.get(EVENT_RATE));
            return new NexmarkTable(new NexmarkSource(options.get(TABLE), options.get(EVENTS), pace));
        }
    }
}
