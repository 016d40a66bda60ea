package com.github.streamdb.bench.flink;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.LookupTableSource;
import org.apache.flink.table.connector.source.lookup.LookupFunctionProvider;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.functions.LookupFunction;

/** The connector 'side_input': the numbers from 0 to 9999 and their texts, looked up by number as the Nexmark project's side input is. */
final class SideInputTable implements LookupTableSource {
    private static final int KEYS = 10_000;

    @Override
    public LookupRuntimeProvider getLookupRuntimeProvider(LookupContext context) {
        return LookupFunctionProvider.of(new Lookup());
    }

    @Override
    public DynamicTableSource copy() {
        return new SideInputTable();
    }

    @Override
    public String asSummaryString() {
        return "side_input";
    }

    /** Finds the row of a key. */
    public static final class Lookup extends LookupFunction {
        private static final long serialVersionUID = 1;

        @Override
        public Collection<RowData> lookup(RowData key) {
            var number = key.getLong(0);
            return number < 0 || number >= KEYS
                ? List.of()
                : List.of(GenericRowData.of(number, StringData.fromString(Long.toString(number))));
        }
    }

    /** Makes the connector known to Flink, by META-INF/services. */
    public static final class Factory implements DynamicTableSourceFactory {
        @Override
        public String factoryIdentifier() {
            return "side_input";
        }

        @Override
        public Set<ConfigOption<?>> requiredOptions() {
            return Set.of();
        }

        @Override
        public Set<ConfigOption<?>> optionalOptions() {
            return Set.of();
        }

        @Override
        public DynamicTableSource createDynamicTableSource(Context context) {
            return new SideInputTable();
        }
    }
}
