package io.naru.broker.api.v1.read;

import io.naru.broker.api.v1.record.ByteSink;
import io.naru.broker.api.v1.record.RecordFormat;
import io.naru.broker.api.v1.record.RecordWriter;
import io.naru.broker.api.v1.record.ValueInspector;
import io.naru.broker.partition.Partition;
import io.naru.cluster.ErrorCode;
import io.naru.cluster.NaruException;
import io.naru.commitlog.batch.RecordCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** One record by its offset. Blocks on the disk; for virtual threads. */
final class SingleRecords {
    /**
     * Whatever somebody stored, a browser must not run it: it may neither guess another type nor, should it show the
     * bytes, let them load or do anything.
     */
    private static final Map<String, String> HARMLESS =
            Map.of("X-Content-Type-Options", "nosniff", "Content-Security-Policy", "default-src 'none'; sandbox");

    private static final MediaType PLAIN_UTF8 = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    private SingleRecords() {}

    /** The record as JSON. */
    static Answer record(Partition partition, long offset, RecordFormat format, Draft draft) {
        RecordCursor found = find(partition, offset, draft);
        var sink = new ByteSink(1024, Integer.MAX_VALUE, draft);
        new RecordWriter(sink).write(partition.topic(), partition.number(), found, format);
        return Answer.of(MediaType.APPLICATION_JSON, sink, 1, Map.of());
    }

    /** The value's very bytes, or null for a tombstone. */
    static @Nullable Answer value(Partition partition, long offset, Draft draft) {
        RecordCursor found = find(partition, offset, draft);
        if (found.valueLength() < 0) {
            return null;
        }
        int from = found.valueOffset();
        int to = from + found.valueLength();
        MediaType type = switch (new ValueInspector().shapeOf(found.array(), from, to - from)) {
            case JSON -> MediaType.APPLICATION_JSON;
            case TEXT -> PLAIN_UTF8;
            case BASE64 -> MediaType.APPLICATION_OCTET_STREAM;
        };
        draft.take(found.valueLength());
        return new Answer(type, ByteBuffer.wrap(Arrays.copyOfRange(found.array(), from, to)), 1, HARMLESS);
    }

    private static RecordCursor find(Partition partition, long offset, Draft draft) {
        var scan = new PartitionScan(draft);
        scan.open(partition, offset);
        if (scan.load(1) == 0) {
            throw notFound(
                    partition,
                    offset,
                    "it is not acknowledged yet; the high watermark is " + partition.highWatermark());
        }
        if (!scan.next() || scan.current().offset() != offset) {
            throw notFound(partition, offset, "it was removed by compaction, or the offset never held a record");
        }
        return scan.current();
    }

    private static NaruException notFound(Partition partition, long offset, String why) {
        return new NaruException(
                ErrorCode.RECORD_NOT_FOUND,
                "There is no record at offset %d of partition %d of topic '%s': %s."
                        .formatted(offset, partition.number(), partition.topic(), why),
                Map.of("log_start_offset", partition.logStartOffset(), "high_watermark", partition.highWatermark()));
    }
}
