package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.ByteSink;
import io.naru.broker.api.v1.record.RecordFormat;
import io.naru.broker.api.v1.record.RecordWriter;
import io.naru.commitlog.batch.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * The records of one page as text: elements of an array in a JSON document, or lines. Knows when it is full. Confined
 * to one thread at a time.
 */
final class PageText {
    private static final byte[] BEGIN = "{\"records\":[".getBytes(StandardCharsets.US_ASCII);

    private final ByteSink sink = new ByteSink(4096);
    private final RecordWriter writer = new RecordWriter(sink);
    private final PageLimits limits;
    private final RecordFormat format;
    private int count;
    private boolean full;

    PageText(PageLimits limits, RecordFormat format) {
        this.limits = limits;
        this.format = format;
        if (!format.onOneLine()) {
            sink.write(BEGIN);
        }
    }

    int count() {
        return count;
    }

    /** Whether no further record belongs on this page. */
    boolean isFull() {
        return full || count == limits.records();
    }

    /** Adds the record a cursor stands on; false, with nothing added, when it belongs on the next page. */
    boolean add(String topic, int partition, RecordCursor at) {
        int before = sink.size();
        if (!format.onOneLine() && count > 0) {
            sink.write(',');
        }
        writer.write(topic, partition, at, format);
        if (format.onOneLine()) {
            sink.write('\n');
        }
        full = sink.size() >= limits.bytes();
        if (count > 0 && sink.size() > limits.bytes()) {
            sink.truncate(before);
            return false;
        }
        count++;
        return true;
    }

    /** The finished text; in a document, {@code fields} writes what stands behind the records, each after a comma. */
    ByteSink end(Consumer<ByteSink> fields) {
        if (!format.onOneLine()) {
            sink.write(']');
            fields.accept(sink);
            sink.write('}');
        }
        return sink;
    }
}
