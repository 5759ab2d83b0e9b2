package io.naru.commitlog.batch;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes stand where a batch should: they are records or they are refused, and nothing else happens. */
class BatchReaderFuzzTests {
    private static final DecodeLimits LIMITS = new DecodeLimits(1 << 20, 200);

    private final BatchValidator validator = new BatchValidator(1 << 20, LIMITS);

    static Stream<Arguments> batches() {
        return Stream.of(Codec.values()).map(codec -> Arguments.of((Object) batch(codec)));
    }

    @MethodSource("batches")
    @FuzzTest(maxDuration = "10m")
    void bytesAreReadOrRefused(byte[] bytes) {
        RecordCursor cursor = new RecordCursor(LIMITS);
        try {
            cursor.reset(ByteBuffer.wrap(bytes));
            while (cursor.next()) {
                touch(cursor);
            }
        } catch (CorruptBatchException _) {
            // As it should be.
        }
    }

    /** As the bytes of a client, whose checksum always fits. */
    @MethodSource("batches")
    @FuzzTest(maxDuration = "10m")
    void whatIsTakenFromAClientCanBeRead(byte[] bytes) {
        if (bytes.length < RecordBatch.HEADER_BYTES) {
            return;
        }
        ByteBuffer batch = ByteBuffer.wrap(bytes.clone());
        batch.putInt(RecordBatch.LENGTH, bytes.length - RecordBatch.PREFIX_BYTES);
        batch.put(RecordBatch.MAGIC_AT, RecordBatch.MAGIC);
        SealedBatches.seal(batch);
        try {
            validator.check(batch);
        } catch (CorruptBatchException _) {
            return;
        }
        RecordBatch header = RecordBatch.of(batch);
        header.assign(42, 1);
        if (header.flaw(bytes.length) != null) {
            throw new AssertionError("What was taken is damaged: " + header.flaw(bytes.length));
        }
        RecordCursor cursor = new RecordCursor(batch);
        int count = 0;
        while (cursor.next()) {
            touch(cursor);
            if (cursor.offset() != 42 + count++) {
                throw new AssertionError("Record " + count + " has offset " + cursor.offset());
            }
        }
        if (count != header.count()) {
            throw new AssertionError(count + " records were read of " + header.count());
        }
    }

    /** What a reader looks at lies within what it was given. */
    private static void touch(RecordCursor cursor) {
        byte[] array = cursor.array();
        if (cursor.valueLength() > 0) {
            int unused = array[cursor.valueOffset()] + array[cursor.valueOffset() + cursor.valueLength() - 1];
        }
    }

    private static byte[] batch(Codec codec) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 16);
        byte[] value =
                "a value, a value, a value, and the same again".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int i = 0; i < 3; i++) {
            builder.tryAppend(1000 + i, value, 0, 7, value, 0, value.length, RecordHeaders.NONE);
        }
        ByteBuffer built = builder.build(codec);
        byte[] bytes = new byte[built.remaining()];
        built.get(bytes);
        return bytes;
    }
}
