package io.naru.broker.testing;

import io.naru.broker.partition.Partition;
import io.naru.commitlog.batch.RecordCursor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A record as it lies in a log; {@code headers} each as {@code name=value}. */
public record Stored(long offset, long timestamp, byte[] keyBytes, byte[] valueBytes, List<String> headers) {
    public String key() {
        return keyBytes == null ? null : new String(keyBytes, StandardCharsets.UTF_8);
    }

    public String value() {
        return valueBytes == null ? null : new String(valueBytes, StandardCharsets.UTF_8);
    }

    /** All records of a partition below its high watermark. */
    public static List<Stored> in(Partition partition) {
        var all = new ArrayList<Stored>();
        try {
            long offset = partition.logStartOffset();
            while (offset < partition.highWatermark()) {
                var cursor = new RecordCursor(
                        ByteBuffer.wrap(partition.read(offset, 1 << 20).readBytes()));
                while (cursor.next()) {
                    all.add(of(cursor));
                    offset = cursor.offset() + 1;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static Stored of(RecordCursor cursor) {
        var headers = new ArrayList<String>();
        for (int i = 0; i < cursor.headerCount(); i++) {
            byte[] value = part(cursor, cursor.headerValueOffset(i), cursor.headerValueLength(i));
            headers.add(new String(
                            part(cursor, cursor.headerNameOffset(i), cursor.headerNameLength(i)),
                            StandardCharsets.UTF_8)
                    + "=" + (value == null ? "null" : new String(value, StandardCharsets.UTF_8)));
        }
        return new Stored(
                cursor.offset(),
                cursor.timestamp(),
                part(cursor, cursor.keyOffset(), cursor.keyLength()),
                part(cursor, cursor.valueOffset(), cursor.valueLength()),
                headers);
    }

    private static byte[] part(RecordCursor cursor, int offset, int length) {
        return length < 0 ? null : Arrays.copyOfRange(cursor.array(), offset, offset + length);
    }
}
