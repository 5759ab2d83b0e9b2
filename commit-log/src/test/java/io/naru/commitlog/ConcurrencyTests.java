package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.batch.RecordCursor;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.FileSystemDisk;
import io.naru.commitlog.disk.InMemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One appends and rolls, one forces, several read: every reader sees every record once, in order, whole, and none beyond its limit. */
class ConcurrencyTests {
    private static final int BATCHES = 4_000;
    private static final int APPENDS_AT_THE_EDGE = 100_000;
    private static final int READERS = 3;

    @TempDir
    Path temporary;

    @Test
    void readersFollowAGrowingLogInMemory() throws Exception {
        readersFollow(new InMemoryDisk(), Path.of("/data"));
    }

    @Test
    void readersFollowAGrowingLogOnTheFileSystem() throws Exception {
        readersFollow(new FileSystemDisk(), temporary);
    }

    @Test
    void readersFollowALogWhoseStartMovesUnderThemInMemory() throws Exception {
        readersFollowWhileRecordsGo(new InMemoryDisk(), Path.of("/data"));
    }

    @Test
    void readersFollowALogWhoseStartMovesUnderThemOnTheFileSystem() throws Exception {
        readersFollowWhileRecordsGo(new FileSystemDisk(), temporary);
    }

    @Test
    void noReaderSeesARecordAtOrAboveItsLimitWhileItIsAppended() throws Exception {
        try (LogDirectory directory = LogDirectory.open(new InMemoryDisk(), Path.of("/data"));
                ExecutorService threads = Executors.newCachedThreadPool()) {
            CommitLog log = directory.openLog("orders/0", new LogConfig(1 << 20, Long.MAX_VALUE, 300));
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                running.add(threads.submit(() -> readTheEdge(log)));
            }
            ByteBuffer batch = TestBatches.batch("first", "second");
            for (int i = 0; i < APPENDS_AT_THE_EDGE; i++) {
                log.append(batch, 1, 0);
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
    }

    /** Reads the last batch there is, with the end there is for a limit, so that the next is just being appended. */
    private static Void readTheEdge(CommitLog log) throws IOException {
        RecordCursor cursor = new RecordCursor();
        long limit = 0;
        while (limit < APPENDS_AT_THE_EDGE * 2) {
            limit = log.logEndOffset();
            LogSlice slice = log.read(Math.max(0, limit - 1), Integer.MAX_VALUE, limit);
            cursor.reset(ByteBuffer.wrap(slice.readBytes()));
            while (cursor.next()) {
                if (cursor.offset() >= limit) {
                    throw new AssertionError("Offset " + cursor.offset() + " was read with the limit " + limit);
                }
            }
        }
        return null;
    }

    private static void readersFollow(Disk disk, Path root) throws Exception {
        try (LogDirectory directory = LogDirectory.open(disk, root);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            CommitLog log = directory.openLog("orders/0", new LogConfig(8_000, Long.MAX_VALUE, 300));
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                int maxBytes = 100 + i * 1_500;
                running.add(threads.submit(() -> follow(log, maxBytes)));
            }
            running.add(threads.submit(() -> {
                while (log.forcedEndOffset() < BATCHES * 2) {
                    assertThat(log.force()).isLessThanOrEqualTo(log.logEndOffset());
                }
                return null;
            }));
            for (int i = 0; i < BATCHES; i++) {
                log.append(TestBatches.batch("record " + i * 2, "record " + (i * 2 + 1)), 1, 0);
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
    }

    /** Files go the moment they are not needed any more, so that every way of coming too late is met. */
    private static void readersFollowWhileRecordsGo(Disk disk, Path root) throws Exception {
        try (LogDirectory directory = LogDirectory.open(disk, root);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            CommitLog log = directory.openLog("orders/0", new LogConfig(2_000, Long.MAX_VALUE, 300));
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                int maxBytes = 100 + i * 1_500;
                running.add(threads.submit(() -> followFromTheStart(log, maxBytes)));
            }
            running.add(threads.submit(() -> {
                RetentionLimits small = new RetentionLimits(RetentionLimits.UNLIMITED, 6_000);
                while (log.logEndOffset() < BATCHES * 2) {
                    log.upkeep().expire(small, 0, log.forcedEndOffset());
                    log.upkeep().purge(0, 0);
                }
                return null;
            }));
            for (int i = 0; i < BATCHES; i++) {
                log.append(TestBatches.batch("record " + i * 2, "record " + (i * 2 + 1)), 1, 0);
                if (i % 10 == 0) {
                    log.force();
                }
            }
            for (Future<?> each : running) {
                each.get();
            }
            assertThat(log.logStartOffset()).isPositive();
        }
    }

    private static Void followFromTheStart(CommitLog log, int maxBytes) throws IOException {
        RecordCursor cursor = new RecordCursor();
        long next = 0;
        while (next < BATCHES * 2) {
            byte[] bytes;
            try {
                bytes = log.read(next, maxBytes, Long.MAX_VALUE).readBytes();
            } catch (OffsetOutOfRangeException e) {
                assertThat(e.logStartOffset()).isGreaterThan(next);
                next = e.logStartOffset();
                continue;
            } catch (StaleSliceException _) {
                continue;
            }
            cursor.reset(ByteBuffer.wrap(bytes));
            while (cursor.next()) {
                if (cursor.offset() >= next) {
                    assertThat(cursor.offset()).isEqualTo(next);
                    assertThat(new String(
                                    cursor.array(), cursor.valueOffset(), cursor.valueLength(), StandardCharsets.UTF_8))
                            .isEqualTo("record " + next);
                    next++;
                }
            }
        }
        return null;
    }

    private static Void follow(CommitLog log, int maxBytes) throws IOException {
        RecordCursor cursor = new RecordCursor();
        long next = 0;
        while (next < BATCHES * 2) {
            // Half of the time a limit within the log, as a high watermark is.
            long end = log.logEndOffset();
            long limit = next % 4 == 0 ? Long.MAX_VALUE : end;
            LogSlice slice = log.read(next, maxBytes, limit);
            if (next < end) {
                assertThat(slice.isEmpty()).isFalse();
            }
            cursor.reset(ByteBuffer.wrap(slice.readBytes()));
            while (cursor.next()) {
                assertThat(cursor.offset()).isEqualTo(next).isLessThan(limit);
                String value =
                        new String(cursor.array(), cursor.valueOffset(), cursor.valueLength(), StandardCharsets.UTF_8);
                assertThat(value).isEqualTo("record " + next);
                next++;
            }
        }
        return null;
    }
}
