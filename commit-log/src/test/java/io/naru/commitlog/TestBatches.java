package io.naru.commitlog;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.batch.RecordHeaders;
import io.naru.commitlog.batch.ReservedIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Batches of text, in and out. */
final class TestBatches {
    private TestBatches() {}

    /** A record as tests see it. */
    record Text(long offset, long timestamp, String value) {}

    static ByteBuffer batch(String... values) {
        return batch(Codec.NONE, 1000, List.of(values));
    }

    /** A batch of a producer's, with as many records. */
    static ByteBuffer of(long producerId, int epoch, int sequence, int records) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 20);
        byte[] value = ("value " + sequence).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < records; i++) {
            builder.tryAppend(1000 + i, null, 0, -1, value, 0, value.length, RecordHeaders.NONE);
        }
        builder.producer(producerId, (short) epoch, sequence);
        return builder.build(Codec.NONE);
    }

    /** A batch with a reserved identity, the same for the same number. */
    static ByteBuffer keyed(int number, int records) {
        byte[] hash = new byte[ReservedIdentity.HASH_BYTES];
        new Random(number).nextBytes(hash);
        ReservedIdentity identity = ReservedIdentity.of(hash);
        return of(identity.id(), identity.epoch(), identity.sequence(), records);
    }

    /** Copies of the headers of all batches. */
    static List<RecordBatch> headers(CommitLog log) throws IOException {
        List<RecordBatch> headers = new ArrayList<>();
        long next = log.logStartOffset();
        while (next < log.logEndOffset()) {
            ByteBuffer slice =
                    ByteBuffer.wrap(log.read(next, 1 << 20, Long.MAX_VALUE).readBytes());
            while (slice.hasRemaining()) {
                RecordBatch batch = RecordBatch.of(slice);
                headers.add(batch);
                next = batch.lastOffset() + 1;
                slice.position(slice.position() + batch.sizeInBytes());
            }
        }
        return headers;
    }

    static ByteBuffer batch(Codec codec, long timestamp, List<String> values) {
        return batch(codec, values, values.stream().map(_ -> timestamp).toList());
    }

    static ByteBuffer batch(Codec codec, List<String> values, List<Long> timestamps) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 24);
        for (int i = 0; i < values.size(); i++) {
            byte[] bytes = values.get(i).getBytes(StandardCharsets.UTF_8);
            if (!builder.tryAppend(timestamps.get(i), null, 0, -1, bytes, 0, bytes.length, RecordHeaders.NONE)) {
                throw new IllegalArgumentException("Too large for a test");
            }
        }
        return builder.build(codec);
    }

    /** All records from {@code from} on, read in slices of about {@code maxBytes}. */
    static List<Text> read(CommitLog log, long from, int maxBytes) throws IOException {
        List<Text> texts = new ArrayList<>();
        long next = from;
        while (next < log.logEndOffset()) {
            RecordCursor cursor = new RecordCursor(
                    ByteBuffer.wrap(log.read(next, maxBytes, Long.MAX_VALUE).readBytes()));
            long before = next;
            while (cursor.next()) {
                if (cursor.offset() >= from) {
                    String value = new String(
                            cursor.array(), cursor.valueOffset(), cursor.valueLength(), StandardCharsets.UTF_8);
                    texts.add(new Text(cursor.offset(), cursor.timestamp(), value));
                }
                next = cursor.offset() + 1;
            }
            if (next == before) {
                throw new IllegalStateException("Nothing to read at " + next);
            }
        }
        return texts;
    }

    static List<String> values(CommitLog log) throws IOException {
        return read(log, log.logStartOffset(), 1 << 20).stream()
                .map(Text::value)
                .toList();
    }
}
