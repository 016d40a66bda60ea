package com.github.streamdb.bench.flink;

import com.github.streamdb.bench.nexmark.RowText;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/** Writes rows of given types as text. */
final class RowSpeller {
    private final List<LogicalType> types;
    private final RowText text = new RowText();

    RowSpeller(List<LogicalType> types) {
        this.types = types;
    }

    /** The row's text, until the next call. */
    RowText spell(RowData row) {
        text.clear();
        for (var i = 0; i < types.size(); i++) {
            if (row.isNullAt(i)) {
                text.addNull();
            } else {
                spell(row, i, types.get(i));
            }
        }
        return text;
    }

    private void spell(RowData row, int i, LogicalType type) {
        switch (type.getTypeRoot()) {
            case BIGINT -> text.add(row.getLong(i));
            case INTEGER -> text.add(row.getInt(i));
            case BOOLEAN -> text.add(row.getBoolean(i));
            case DATE -> text.addDate(row.getInt(i));
            case CHAR, VARCHAR -> text.add(row.getString(i).toBytes());
            case DECIMAL -> text.add(row.getDecimal(
                i, LogicalTypeChecks.getPrecision(type), LogicalTypeChecks.getScale(type)).toBigDecimal());
            case TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> {
                var time = row.getTimestamp(i, LogicalTypeChecks.getPrecision(type));
                text.addTime(time.getMillisecond() * 1000 + time.getNanoOfMillisecond() / 1000);
            }
            default -> throw new UnsupportedOperationException("no text for " + type);
        }
    }
}
