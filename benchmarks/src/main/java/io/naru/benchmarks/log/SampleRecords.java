package io.naru.benchmarks.log;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Records that look like events: small JSON objects with a few fields that differ, always the same ones. */
final class SampleRecords {
    /** When the sample's first record happened, epoch milliseconds. */
    static final long FIRST_TIMESTAMP = 1_700_000_000_000L;

    private SampleRecords() {}

    /** As many values of exactly {@code bytes} bytes each; at least 40. */
    static byte[][] values(int count, int bytes) {
        Random random = new Random(42);
        byte[][] values = new byte[count][];
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder("{\"sensor\":" + (1000 + random.nextInt(9000)) + ",\"note\":\"");
            while (text.length() < bytes - 2) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            values[i] = text.append("\"}").toString().getBytes(StandardCharsets.US_ASCII);
        }
        return values;
    }

    /** One uncompressed batch of records with 100-byte values that is as large as fits {@code maxBytes}, on the heap as
     * the broker's are. */
    static ByteBuffer batch(int maxBytes) {
        byte[][] values = values(1000, 100);
        RecordBatchBuilder builder = new RecordBatchBuilder(maxBytes);
        int i = 0;
        while (append(builder, i, values[i % values.length])) {
            i++;
        }
        ByteBuffer built = builder.build(Codec.NONE);
        return ByteBuffer.allocate(built.remaining()).put(built).flip();
    }
    /** One uncompressed batch of so many records with 100-byte values. */
    static ByteBuffer batchOf(int records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 20);
        byte[][] values = values(records, 100);
        for (int i = 0; i < records; i++) {
            append(builder, i, values[i]);
        }
        return builder.build(Codec.NONE);
    }

    /** Fills a batch with readings of a few hundred sensors, which repeat themselves as events do. */
    static void fillWithReadings(RecordBatchBuilder builder) {
        Random random = new Random(42);
        int i = 0;
        byte[] value;
        do {
            value = """
                    {"sensor":"station-%d","temperature":%.1f,"humidity":%d,"unit":"celsius","at":"2023-11-14T22:%02d:%02dZ"}""".formatted(
                            random.nextInt(400), random.nextDouble() * 40, random.nextInt(100), i / 60 % 60, i % 60)
                    .getBytes(StandardCharsets.US_ASCII);
        } while (append(builder, i++, value));
    }

    /** The same bytes where the kernel can take them without another copy. */
    static ByteBuffer direct(ByteBuffer batch) {
        return ByteBuffer.allocateDirect(batch.capacity())
                .put(batch.duplicate().clear())
                .flip();
    }

    private static boolean append(RecordBatchBuilder builder, int number, byte[] value) {
        return builder.tryAppend(FIRST_TIMESTAMP + number, value, 0, -1, value, 0, value.length, RecordHeaders.NONE);
    }
}
