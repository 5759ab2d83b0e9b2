package io.naru.commitlog.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RecordBatchBuilderTests {
    private static final byte[] VALUE = new byte[100];

    @Test
    void anEmptyBatchCannotBeBuilt() {
        RecordBatchBuilder builder = new RecordBatchBuilder(1000);
        assertThat(builder.isEmpty()).isTrue();
        assertThat(builder.sizeInBytes()).isEqualTo(RecordBatch.HEADER_BYTES);
        assertThatThrownBy(() -> builder.build(Codec.NONE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void fillsUpToTheLastByteAndNotBeyond() {
        for (int maxBytes = 62; maxBytes < 700; maxBytes++) {
            RecordBatchBuilder builder = new RecordBatchBuilder(maxBytes);
            while (builder.tryAppend(0, null, 0, -1, VALUE, 0, VALUE.length, RecordHeaders.NONE)) {
                assertThat(builder.sizeInBytes()).isLessThanOrEqualTo(maxBytes);
            }
            int room = maxBytes - builder.sizeInBytes();
            assertThat(room).isLessThan(VALUE.length + 10);
            // The largest value that still fits, found from above.
            int largest = VALUE.length;
            while (largest >= 0 && !builder.tryAppend(0, null, 0, -1, VALUE, 0, largest, RecordHeaders.NONE)) {
                largest--;
            }
            assertThat(builder.sizeInBytes()).isLessThanOrEqualTo(maxBytes);
            if (largest >= 0) {
                assertThat(maxBytes - builder.sizeInBytes()).isLessThanOrEqualTo(2);
            }
        }
    }

    @Test
    void aRecordThatDoesNotFitChangesNothing() {
        RecordBatchBuilder builder = new RecordBatchBuilder(200);
        append(builder, 10);
        int size = builder.sizeInBytes();
        assertThat(builder.tryAppend(5, null, 0, -1, new byte[1000], 0, 1000, RecordHeaders.NONE))
                .isFalse();
        assertThat(builder.count()).isEqualTo(1);
        assertThat(builder.sizeInBytes()).isEqualTo(size);
        assertThat(RecordBatch.of(builder.build(Codec.NONE)).maxTimestamp()).isEqualTo(10);
    }

    @Test
    void canBeUsedAgainAfterAReset() {
        RecordBatchBuilder builder = new RecordBatchBuilder(10_000);
        append(builder, 10);
        append(builder, 20);
        builder.build(Codec.NONE);
        builder.reset();
        append(builder, 5);
        RecordBatch batch = RecordBatch.of(builder.build(Codec.NONE));
        assertThat(batch.count()).isEqualTo(1);
        assertThat(batch.baseTimestamp()).isEqualTo(5);
        assertThat(batch.maxTimestamp()).isEqualTo(5);
        assertThat(batch.isCrcValid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void whatCompressionDoesNotMakeSmallerIsStoredAsItIs(Codec codec) {
        RecordBatchBuilder builder = new RecordBatchBuilder(10_000);
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);
        builder.tryAppend(0, null, 0, -1, noise, 0, noise.length, RecordHeaders.NONE);
        RecordBatch batch = RecordBatch.of(builder.build(codec));
        assertThat(batch.codec()).isEqualTo(Codec.NONE);
        assertThat(batch.sizeInBytes()).isEqualTo(builder.sizeInBytes());
        builder.tryAppend(0, null, 0, -1, new byte[4000], 0, 4000, RecordHeaders.NONE);
        assertThat(RecordBatch.of(builder.build(codec)).codec()).isEqualTo(codec);
    }

    @Test
    void refusesLengthsThatMakeNoSense() {
        RecordBatchBuilder builder = new RecordBatchBuilder(10_000);
        assertThatThrownBy(() -> builder.tryAppend(0, null, 0, 3, VALUE, 0, 1, RecordHeaders.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.tryAppend(0, VALUE, 0, -2, VALUE, 0, 1, RecordHeaders.NONE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RecordHeaders.NONE.add("a", null)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aHeaderViewNeedsRoomAndTheRightByteOrder() {
        assertThatThrownBy(() -> RecordBatch.of(ByteBuffer.allocate(60))).hasMessageContaining("61 bytes");
        assertThatThrownBy(() -> RecordBatch.of(ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN)))
                .hasMessageContaining("big-endian");
    }

    @ParameterizedTest
    @EnumSource
    void neitherWritingNorReadingAllocatesPerRecord(Codec codec) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 24);
        RecordHeaders headers = new RecordHeaders();
        RecordCursor cursor = new RecordCursor();
        ByteBuffer batch = fill(builder, headers, codec);
        readThrough(cursor, batch);

        long writing = allocatedBy(() -> fill(builder, headers, codec));
        long reading = allocatedBy(() -> readThrough(cursor, batch));
        // LZ4's compressor takes a table of 16 KiB for each block of 64 KiB.
        assertThat(writing).isLessThan(codec == Codec.LZ4 ? builder.sizeInBytes() / 3 : 10_000);
        assertThat(reading).isLessThan(10_000);
    }

    private static ByteBuffer fill(RecordBatchBuilder builder, RecordHeaders headers, Codec codec) {
        builder.reset();
        for (int i = 0; i < 100_000; i++) {
            headers.clear();
            headers.add(VALUE, 0, 4, VALUE, 0, 8);
            builder.tryAppend(i, VALUE, 0, 10, VALUE, 0, 100, headers);
        }
        return builder.build(codec);
    }

    private static void readThrough(RecordCursor cursor, ByteBuffer batch) {
        cursor.reset(batch);
        int count = 0;
        while (cursor.next()) {
            count += cursor.headerCount();
        }
        assertThat(count).isEqualTo(100_000);
    }

    private static long allocatedBy(Runnable action) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        action.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void append(RecordBatchBuilder builder, long timestamp) {
        assertThat(builder.tryAppend(timestamp, null, 0, -1, VALUE, 0, 10, RecordHeaders.NONE))
                .isTrue();
    }
}
