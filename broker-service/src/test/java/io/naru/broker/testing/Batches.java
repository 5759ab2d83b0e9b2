package io.naru.broker.testing;

import io.naru.broker.partition.Acks;
import io.naru.broker.partition.Partition;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Record batches for tests. */
public final class Batches {
    /** The timestamp of records for which a test does not care. */
    public static final long TIME = 1_763_800_000_000L;

    private Batches() {}

    /** One record to store. */
    public record Entry(long timestamp, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
        public static Entry of(@Nullable String key, @Nullable String value) {
            return new Entry(TIME, utf8(key), utf8(value), List.of());
        }

        public Entry with(String name, @Nullable String headerValue) {
            var all = new java.util.ArrayList<>(headers);
            all.add(new Header(utf8(name), utf8(headerValue)));
            return new Entry(timestamp, key, value, all);
        }

        public Entry at(long newTimestamp) {
            return new Entry(newTimestamp, key, value, headers);
        }
    }

    /** One header of a record to store. */
    public record Header(byte[] name, byte @Nullable [] value) {}

    /** A batch of these records. */
    public static ByteBuffer batch(Codec codec, List<Entry> entries) {
        var builder = new RecordBatchBuilder(64 << 20);
        for (Entry entry : entries) {
            var headers = new RecordHeaders();
            for (Header header : entry.headers()) {
                byte[] value = header.value() == null ? new byte[0] : header.value();
                headers.add(
                        header.name(), 0, header.name().length, value, 0, header.value() == null ? -1 : value.length);
            }
            byte[] key = entry.key() == null ? new byte[0] : entry.key();
            byte[] value = entry.value() == null ? new byte[0] : entry.value();
            boolean fits = builder.tryAppend(
                    entry.timestamp(),
                    key,
                    0,
                    entry.key() == null ? -1 : key.length,
                    value,
                    0,
                    entry.value() == null ? -1 : value.length,
                    headers);
            if (!fits) {
                throw new IllegalArgumentException("The entries are too large for one batch");
            }
        }
        return builder.build(codec);
    }

    /** Appends these records as one batch; answers the first one's offset. */
    public static long append(Partition partition, Entry... entries) {
        return append(partition, Codec.NONE, List.of(entries));
    }

    /** Appends these records as one batch; answers the first one's offset. */
    public static long append(Partition partition, Codec codec, List<Entry> entries) {
        return partition
                .append(batch(codec, entries), Acks.ALL)
                .toCompletableFuture()
                .join()
                .baseOffset();
    }

    /** Appends one record without a key; answers its offset. */
    public static long append(Partition partition, String value) {
        return append(partition, Entry.of(null, value));
    }

    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
