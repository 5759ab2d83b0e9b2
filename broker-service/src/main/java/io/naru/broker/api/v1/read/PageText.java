package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.ByteSink;
import io.naru.broker.api.v1.record.RecordFormat;
import io.naru.broker.api.v1.record.RecordWriter;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.commitlog.batch.RecordCursor;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records of one page as text: elements of an array in a JSON document, or lines. Knows when it is full: it has as
 * much as was asked for, or there is no room for more. Takes next to no memory before its first record. Confined to one
 * thread at a time.
 */
final class PageText {
    private static final byte[] BEGIN = "{\"records\":[".getBytes(StandardCharsets.US_ASCII);
    private static final int FIRST_BYTES = 4096;

    /** Records seldom exceed a page by more, and neither does what stands behind them. */
    private static final int MARGIN_BYTES = 64 * 1024;

    /** What the writer of the JSON holds. */
    private static final int WRITER_BYTES = 16 * 1024;

    private final PageLimits limits;
    private final RecordFormat format;
    private final Draft draft;
    private @Nullable Text text;
    private int count;
    private boolean full;

    private record Text(ByteSink sink, RecordWriter writer) {}

    PageText(PageLimits limits, RecordFormat format, Draft draft) {
        this.limits = limits;
        this.format = format;
        this.draft = draft;
    }

    int count() {
        return count;
    }

    /** Whether no further record belongs on this page. */
    boolean isFull() {
        return full || count == limits.records();
    }

    /**
     * Adds the record a cursor stands on; false, with nothing added, when it belongs on the next page.
     *
     * @throws NaruException {@code OVERLOADED} when there is no room even for one record
     */
    boolean add(String topic, int partition, RecordCursor at) {
        Text to = text();
        int before = to.sink.size();
        try {
            write(to, topic, partition, at);
        } catch (NaruException e) {
            if (count == 0 || e.code() != ErrorCode.OVERLOADED) {
                throw e;
            }
            // The writer stands in the middle of a record now, which is no matter: the page ends here.
            to.sink.truncate(before);
            full = true;
            return false;
        }
        full = to.sink.size() >= limits.bytes();
        if (count > 0 && to.sink.size() > limits.bytes()) {
            to.sink.truncate(before);
            return false;
        }
        count++;
        draft.hasSome();
        return true;
    }

    private void write(Text to, String topic, int partition, RecordCursor at) {
        if (!format.onOneLine() && count > 0) {
            to.sink.write(',');
        }
        to.writer.write(topic, partition, at, format);
        if (format.onOneLine()) {
            to.sink.write('\n');
        }
    }

    /** The finished text; in a document, {@code fields} writes what stands behind the records, each after a comma. */
    ByteSink end(Consumer<ByteSink> fields) {
        draft.ends();
        ByteSink sink = text().sink;
        if (!format.onOneLine()) {
            sink.write(']');
            fields.accept(sink);
            sink.write('}');
        }
        draft.giveBack(WRITER_BYTES);
        text = null;
        return sink;
    }

    private Text text() {
        Text begun = text;
        if (begun == null) {
            draft.take(WRITER_BYTES);
            var sink = new ByteSink(FIRST_BYTES, limits.bytes() + MARGIN_BYTES, draft);
            begun = new Text(sink, new RecordWriter(sink));
            text = begun;
            if (!format.onOneLine()) {
                sink.write(BEGIN);
            }
        }
        return begun;
    }
}
