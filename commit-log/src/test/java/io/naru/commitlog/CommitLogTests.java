package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.CorruptBatchException;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.disk.InMemoryDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitLogTests {
    private static final int BATCH_BYTES = TestBatches.batch("value 00").remaining();
    private static final LogConfig CONFIG = new LogConfig(10 * BATCH_BYTES, 60_000, 100);

    private LogDirectory directory;
    private CommitLog log;

    @BeforeEach
    void open() throws IOException {
        directory = LogDirectory.open(new InMemoryDisk(), Path.of("/data"));
        log = directory.openLog("orders/0", CONFIG);
    }

    @AfterEach
    void close() throws IOException {
        directory.close();
    }

    @Test
    void numbersRecordsFromZeroWithoutGaps() throws IOException {
        ByteBuffer three = TestBatches.batch("a", "b", "c");
        assertThat(log.append(three, 1, 0)).isEqualTo(new LogAppend(0, 2, 1000, three.remaining(), false));
        assertThat(log.append(TestBatches.batch("d"), 1, 0).baseOffset()).isEqualTo(3);
        assertThat(log.logStartOffset()).isZero();
        assertThat(log.logEndOffset()).isEqualTo(4);
        assertThat(TestBatches.values(log)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void leavesTheBufferReadyToBeUsedAgain() throws IOException {
        ByteBuffer batch = TestBatches.batch("a");
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.remaining() + 9).position(9);
        direct.put(batch.duplicate()).position(9);
        log.append(batch, 3, 0);
        log.append(direct, 4, 0);
        assertThat(batch.position()).isZero();
        assertThat(direct.position()).isEqualTo(9);
        assertThat(RecordBatch.of(direct).baseOffset()).isEqualTo(1);
        assertThat(RecordBatch.of(direct).leaderEpoch()).isEqualTo(4);
        assertThat(RecordBatch.of(direct).isCrcValid()).isTrue();
        assertThat(TestBatches.values(log)).containsExactly("a", "a");
    }

    @Test
    void refusesAnythingButOneBatch() throws IOException {
        ByteBuffer batch = TestBatches.batch("a");
        ByteBuffer two = ByteBuffer.allocate(2 * batch.remaining())
                .put(batch.duplicate())
                .put(batch.duplicate())
                .flip();
        assertThatThrownBy(() -> log.append(two, 1, 0)).isInstanceOf(CorruptBatchException.class);
        assertThatThrownBy(() -> log.append(batch.duplicate().limit(70), 1, 0))
                .isInstanceOf(CorruptBatchException.class);
        assertThatThrownBy(() -> log.append(ByteBuffer.allocate(61), 1, 0)).isInstanceOf(CorruptBatchException.class);
        assertThat(log.logEndOffset()).isZero();
    }

    @Test
    void rollsBySizeAndNeverSplitsABatch() throws IOException {
        append(25, 0);
        assertThat(log.segmentCount()).isEqualTo(3);
        log.append(TestBatches.batch("x".repeat(20 * BATCH_BYTES)), 1, 0);
        assertThat(log.segmentCount()).isEqualTo(4);
        append(1, 0);
        assertThat(log.segmentCount()).isEqualTo(5);
        assertThat(TestBatches.values(log)).hasSize(27);
    }

    @Test
    void rollsByAgeOfTheFirstAppend() throws IOException {
        append(1, 1_000);
        append(1, 60_999);
        assertThat(log.segmentCount()).isEqualTo(1);
        append(1, 61_000);
        assertThat(log.segmentCount()).isEqualTo(2);
        // A clock that is set back makes nothing old.
        append(1, 5);
        assertThat(log.segmentCount()).isEqualTo(2);
    }

    @Test
    void ageSurvivesACleanRestart() throws IOException {
        InMemoryDisk disk = new InMemoryDisk();
        try (LogDirectory first = LogDirectory.open(disk, Path.of("/data"))) {
            first.openLog("orders/0", CONFIG).append(TestBatches.batch("a"), 1, 1_000);
        }
        try (LogDirectory second = LogDirectory.open(disk, Path.of("/data"))) {
            CommitLog reopened = second.openLog("orders/0", CONFIG);
            reopened.append(TestBatches.batch("b"), 1, 61_000);
            assertThat(reopened.segmentCount()).isEqualTo(2);
        }
    }

    @Test
    void rollsBeforeRelativeOffsetsOverflow() throws IOException {
        log.reconfigure(new LogConfig(Integer.MAX_VALUE, Long.MAX_VALUE, 0));
        for (int i = 0; i < 4; i++) {
            log.append(claiming(1_000_000_000), 1, 0);
        }
        assertThat(log.logEndOffset()).isEqualTo(4_000_000_000L);
        assertThat(log.segmentCount()).isEqualTo(2);
    }

    @Test
    void takesANewConfigFromTheNextAppendOn() throws IOException {
        append(5, 0);
        log.reconfigure(new LogConfig(BATCH_BYTES, 60_000, 100));
        append(2, 0);
        assertThat(log.segmentCount()).isEqualTo(3);
    }

    @Test
    void refusesOffsetsItDoesNotHave() throws IOException {
        append(3, 0);
        assertThat(log.read(3, 100, 3).isEmpty()).isTrue();
        assertThatThrownBy(() -> log.read(4, 100, 10)).isInstanceOfSatisfying(OffsetOutOfRangeException.class, e -> {
            assertThat(e.offset()).isEqualTo(4);
            assertThat(e.logStartOffset()).isZero();
            assertThat(e.logEndOffset()).isEqualTo(3);
        });
        assertThatThrownBy(() -> log.read(-1, 100, 10)).isInstanceOf(OffsetOutOfRangeException.class);
    }

    @Test
    void readsWholeBatchesBelowTheLimitOnly() throws IOException {
        log.append(TestBatches.batch("a", "b", "c"), 1, 0);
        log.append(TestBatches.batch("d", "e", "f"), 1, 0);
        assertThat(log.read(0, 10_000, 0).isEmpty()).isTrue();
        assertThat(log.read(0, 10_000, 2).isEmpty()).isTrue();
        assertThat(offsets(log.read(0, 10_000, 3))).containsExactly(0L, 1L, 2L);
        assertThat(offsets(log.read(0, 10_000, 5))).containsExactly(0L, 1L, 2L);
        assertThat(offsets(log.read(4, 10_000, 5))).isEmpty();
        assertThat(offsets(log.read(0, 10_000, 6))).hasSize(6);
        assertThat(offsets(log.read(1, 10_000, 100))).hasSize(6);
    }

    @Test
    void readsAsMuchAsAskedButAtLeastOneBatch() throws IOException {
        append(10, 0);
        for (int offset = 0; offset < 10; offset++) {
            for (int maxBytes = 0; maxBytes < 12 * BATCH_BYTES; maxBytes += 7) {
                int expected = Math.min(10 - offset, Math.max(1, maxBytes / BATCH_BYTES));
                assertThat(log.read(offset, maxBytes, 10).sizeInBytes()).isEqualTo(expected * BATCH_BYTES);
            }
        }
        assertThat(log.read(0, -5, 10).sizeInBytes()).isEqualTo(BATCH_BYTES);
        assertThat(log.read(3, Integer.MAX_VALUE, Long.MAX_VALUE).sizeInBytes()).isEqualTo(7 * BATCH_BYTES);
    }

    @Test
    void aSliceStaysWhatItIsWhileTheLogGrows() throws IOException {
        append(3, 0);
        LogSlice slice = log.read(0, 10_000, 3);
        append(50, 0);
        assertThat(offsets(slice)).containsExactly(0L, 1L, 2L);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        assertThat(slice.transferTo(Channels.newChannel(sent))).isEqualTo(slice.sizeInBytes());
        assertThat(sent.toByteArray()).isEqualTo(slice.readBytes());
        assertThatThrownBy(() -> slice.readInto(ByteBuffer.allocate(10))).isInstanceOf(BufferOverflowException.class);
        ByteBuffer roomy = ByteBuffer.allocate(1000).position(5);
        slice.readInto(roomy);
        assertThat(roomy.position()).isEqualTo(5 + slice.sizeInBytes());
        assertThat(roomy.limit()).isEqualTo(1000);
    }

    @Test
    void theEmptySliceReadsAsNothing() throws IOException {
        assertThat(LogSlice.EMPTY.readBytes()).isEmpty();
        assertThat(LogSlice.EMPTY.transferTo(Channels.newChannel(new ByteArrayOutputStream())))
                .isZero();
    }

    @Test
    void findsTheFirstRecordSinceATime() throws IOException {
        // Times go back within a batch and between batches.
        log.append(TestBatches.batch(Codec.NONE, List.of("a", "b"), List.of(100L, 300L)), 1, 0);
        log.append(TestBatches.batch(Codec.ZSTD, List.of("c", "d"), List.of(200L, 250L)), 1, 0);
        log.append(TestBatches.batch(Codec.NONE, List.of("e", "f"), List.of(250L, 400L)), 1, 0);
        assertThat(log.offsetForTime(Long.MIN_VALUE)).contains(new TimestampedOffset(0, 100));
        assertThat(log.offsetForTime(100)).contains(new TimestampedOffset(0, 100));
        assertThat(log.offsetForTime(101)).contains(new TimestampedOffset(1, 300));
        assertThat(log.offsetForTime(300)).contains(new TimestampedOffset(1, 300));
        assertThat(log.offsetForTime(301)).contains(new TimestampedOffset(5, 400));
        assertThat(log.offsetForTime(401)).isEmpty();
    }

    @Test
    void countsItsBytes() throws IOException {
        append(25, 0);
        assertThat(log.sizeInBytes()).isEqualTo(25L * BATCH_BYTES);
    }

    private void append(int count, long nowMillis) throws IOException {
        for (int i = 0; i < count; i++) {
            log.append(TestBatches.batch("value %02d".formatted(i)), 1, nowMillis);
        }
    }

    private static List<Long> offsets(LogSlice slice) throws IOException {
        RecordCursor cursor = new RecordCursor(ByteBuffer.wrap(slice.readBytes()));
        List<Long> offsets = new ArrayList<>();
        while (cursor.next()) {
            offsets.add(cursor.offset());
        }
        return offsets;
    }

    /** A batch whose header says it has that many records. */
    private static ByteBuffer claiming(int records) {
        return TestBatches.batch("a").putInt(57, records).putInt(23, records - 1);
    }
}
