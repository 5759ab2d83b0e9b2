package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deleting records, and what is left of them. Three records make a segment. */
class LogUpkeepTests {
    private static final int BATCH_BYTES = TestBatches.batch("value 00").remaining();
    private static final LogConfig CONFIG = new LogConfig(3 * BATCH_BYTES, Long.MAX_VALUE, 100);
    private static final Path ROOT = Path.of("/data");
    private static final Path FOLDER = ROOT.resolve("logs/orders/0");

    private final FaultyDisk disk = new FaultyDisk(3);
    private LogDirectory directory;
    private CommitLog log;

    @BeforeEach
    void openAndFill() throws IOException {
        open();
        append(10);
    }

    @Test
    void recordsBelowAnOffsetAreNeverReadAgain() throws IOException {
        assertThat(log.upkeep().deleteBefore(4, 0)).isEqualTo(4);
        assertHolds(4, 10);
        assertThatThrownBy(() -> log.read(3, 1000, 10)).isInstanceOfSatisfying(OffsetOutOfRangeException.class, e -> {
            assertThat(e.logStartOffset()).isEqualTo(4);
            assertThat(e.logEndOffset()).isEqualTo(10);
        });
        assertThat(log.segmentCount()).isEqualTo(3);
        disk.crash(Crash.POWER);
        open();
        assertHolds(4, 10);
        assertThat(log.segmentCount()).isEqualTo(3);
        directory.close();
        open();
        assertHolds(4, 10);
    }

    @Test
    void theStartOnlyMovesForward() throws IOException {
        log.upkeep().deleteBefore(4, 0);
        assertThat(log.upkeep().deleteBefore(2, 0)).isEqualTo(4);
        assertThat(log.upkeep().deleteBefore(-1, 0)).isEqualTo(4);
        assertThatThrownBy(() -> log.upkeep().deleteBefore(11, 0)).isInstanceOf(OffsetOutOfRangeException.class);
        assertHolds(4, 10);
    }

    @Test
    void everythingCanBeDeletedAndOffsetsGoOn() throws IOException {
        assertThat(log.upkeep().deleteBefore(10, 0)).isEqualTo(10);
        assertThat(log.read(10, 1000, 10).isEmpty()).isTrue();
        assertThat(log.offsetForTime(0)).isEmpty();
        disk.crash(Crash.POWER);
        open();
        assertThat(log.logStartOffset()).isEqualTo(10);
        append(2);
        assertHolds(10, 12);
    }

    @Test
    void whatIsDeletedHasBeenForcedSoThatTheLogNeverEndsBeforeItStarts() throws IOException {
        assertThat(log.forcedEndOffset()).isZero();
        log.upkeep().deleteBefore(10, 0);
        assertThat(log.forcedEndOffset()).isEqualTo(10);
    }

    @Test
    void timesAreLookedUpFromTheStartOn() throws IOException {
        log.append(TestBatches.batch(Codec.NONE, List.of("a", "b"), List.of(5_000L, 4_000L)), 1, 0);
        assertThat(log.offsetForTime(900).orElseThrow().offset()).isZero();
        log.upkeep().deleteBefore(7, 0);
        assertThat(log.offsetForTime(900).orElseThrow().offset()).isEqualTo(7);
        log.upkeep().deleteBefore(11, 0);
        assertThat(log.offsetForTime(4_000).orElseThrow().offset()).isEqualTo(11);
        assertThat(log.offsetForTime(4_500)).isEmpty();
    }

    @Test
    void aSliceOutlivesItsRecordsForAWhile() throws IOException {
        LogSlice slice = log.read(0, 1000, 10);
        log.upkeep().deleteBefore(6, 1_000);
        assertThat(log.upkeep().purge(60_999, 60_000)).isEqualTo(2);
        assertThat(slice.readBytes()).hasSize(3 * BATCH_BYTES);
        assertThat(disk.list(FOLDER)).contains("00000000000000000000.log");
        assertThat(log.upkeep().purge(61_000, 60_000)).isZero();
        assertThat(disk.list(FOLDER))
                .noneMatch(name -> name.startsWith("00000000000000000000.") || name.startsWith("00000000000000000003."))
                .contains("00000000000000000006.log");
        assertThatThrownBy(slice::readBytes)
                .isInstanceOf(StaleSliceException.class)
                .hasMessageContaining("read the log at that offset again");
        assertHolds(6, 10);
    }

    @Test
    void noFileIsTakenAwayWhileItIsRead() throws IOException {
        LogSlice slice = log.read(0, 1000, 10);
        log.upkeep().deleteBefore(6, 0);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        WritableByteChannel slow = Channels.newChannel(bytes);
        int[] left = {-1};
        slice.transferTo(new WritableByteChannel() {
            @Override
            public int write(ByteBuffer from) throws IOException {
                left[0] = log.upkeep().purge(1_000_000, 0);
                return slow.write(from);
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        });
        assertThat(left[0]).isEqualTo(1);
        assertThat(bytes.size()).isEqualTo(3 * BATCH_BYTES);
        assertThat(log.upkeep().purge(1_000_000, 0)).isZero();
    }

    @Test
    void aFileThatCannotBeDeletedIsTriedAgain() throws IOException {
        log.upkeep().deleteBefore(6, 0);
        disk.fail(Operation.DELETE, 1);
        assertThat(log.upkeep().purge(0, 0)).isEqualTo(1);
        assertThat(log.upkeep().purge(0, 0)).isZero();
    }

    @Test
    void whatACrashLeavesOfDeletedSegmentsIsRemoved() throws IOException {
        log.upkeep().deleteBefore(7, 0);
        disk.crash(Crash.PROCESS);
        assertThat(disk.list(FOLDER)).contains("00000000000000000000.log", "00000000000000000003.log");
        disk.delete(FOLDER.resolve("00000000000000000000.log"));
        open();
        assertThat(disk.list(FOLDER))
                .filteredOn(name -> name.contains("log") || name.contains("index"))
                .containsExactly(
                        "00000000000000000006.index",
                        "00000000000000000006.log",
                        "00000000000000000006.timeindex",
                        "00000000000000000009.log",
                        "log-start");
        assertHolds(7, 10);
    }

    @Test
    void aFileThatNothingExplainsStays() throws IOException {
        disk.create(FOLDER.resolve("notes.txt")).close();
        disk.create(FOLDER.resolve("00000000000000000000-5.cut")).close();
        log.upkeep().deleteBefore(7, 0);
        log.upkeep().purge(0, 0);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(disk.list(FOLDER)).contains("notes.txt", "00000000000000000000-5.cut");
    }

    @Test
    void aFullDiskDoesNotKeepRecordsFromBeingDeleted() throws IOException {
        log.force();
        disk.limit(disk.usedBytes());
        assertThat(log.upkeep().deleteBefore(7, 0)).isEqualTo(7);
        assertThat(disk.list(FOLDER)).doesNotContain("00000000000000000000.log");
        disk.limit(Long.MAX_VALUE);
        disk.crash(Crash.POWER);
        open();
        assertHolds(7, 10);
    }

    @Test
    void aFullDiskIsToldWhereNothingCanMakeRoom() throws IOException {
        log.force();
        disk.limit(disk.usedBytes());
        assertThatThrownBy(() -> log.upkeep().deleteBefore(2, 0)).isInstanceOf(IOException.class);
        assertHolds(0, 10);
        disk.limit(Long.MAX_VALUE);
        assertThat(log.upkeep().deleteBefore(2, 0)).isEqualTo(2);
    }

    @Test
    void aDamagedStartIsReportedAndWaitsForAnOperator() throws IOException {
        log.upkeep().deleteBefore(4, 0);
        directory.close();
        try (DiskFile file = disk.open(FOLDER.resolve("log-start"))) {
            file.write(ByteBuffer.wrap("9".getBytes(StandardCharsets.UTF_8)), 27);
        }
        open();
        assertThat(log.state())
                .isInstanceOfSatisfying(
                        LogState.Damaged.class,
                        damaged -> assertThat(damaged.reason()).contains("log-start is damaged", "checksum", "accept"));
        assertThatThrownBy(() -> log.upkeep().deleteBefore(5, 0)).isInstanceOf(LogDamagedException.class);
        log.acceptDamage();
        assertHolds(3, 10);
        directory.close();
        open();
        assertHolds(3, 10);
    }

    @Test
    void aStartOfANewerFormatIsNotGuessedAt() throws IOException {
        Checkpoint.write(segmentFolder(), "log-start", List.of("something.else=1"));
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.state()).isInstanceOf(LogState.Damaged.class);
    }

    @Test
    void aLogThatLostAllBehindItsStartGoesOnThere() throws IOException {
        log.upkeep().deleteBefore(8, 0);
        disk.crash(Crash.PROCESS);
        disk.delete(FOLDER.resolve("00000000000000000006.log"));
        disk.delete(FOLDER.resolve("00000000000000000009.log"));
        open();
        assertThat(log.logStartOffset()).isEqualTo(8);
        assertThat(log.logEndOffset()).isEqualTo(8);
        append(2);
        assertHolds(8, 10);
        disk.crash(Crash.PROCESS);
        open();
        assertHolds(8, 10);
    }

    @Test
    void aLogWithoutAnySegmentDoesNotBeginAgainAtZero() throws IOException {
        log.upkeep().deleteBefore(8, 0);
        disk.crash(Crash.PROCESS);
        for (String name : disk.list(FOLDER)) {
            if (!name.equals("log-start")) {
                disk.delete(FOLDER.resolve(name));
            }
        }
        open();
        assertThat(log.logEndOffset()).isEqualTo(8);
    }

    @Test
    void acceptedDamageBeforeTheStartLetsTheLogGoOnAtTheStart() throws IOException {
        log.upkeep().deleteBefore(8, 0);
        disk.crash(Crash.PROCESS);
        try (DiskFile file = disk.open(FOLDER.resolve("00000000000000000006.log"))) {
            file.truncate(BATCH_BYTES);
        }
        open();
        assertThat(log.state()).isInstanceOf(LogState.Damaged.class);
        log.acceptDamage();
        assertThat(log.logEndOffset()).isEqualTo(8);
        append(1);
        assertHolds(8, 9);
        disk.crash(Crash.PROCESS);
        open();
        assertHolds(8, 9);
    }

    @Test
    void aFencedLogDeletesNothing() throws IOException {
        disk.fail(Operation.FORCE, 1);
        assertThatThrownBy(() -> log.force()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> log.upkeep().deleteBefore(7, 0)).isInstanceOf(LogFencedException.class);
        assertThatThrownBy(() -> log.upkeep().expire(new RetentionLimits(0, 0), 100_000, 10))
                .isInstanceOf(LogFencedException.class);
        assertThat(log.logStartOffset()).isZero();
    }

    @Test
    void nothingOfAnInterruptedDeletionIsLeftInTheWayOfTheNext() throws IOException {
        for (int step = 1; !deleteWithCrashAt(step); step++) {
            assertThat(log.logStartOffset()).isIn(0L, 8L);
            assertHolds(log.logStartOffset(), 10);
            directory.close();
            disk.crash(Crash.PROCESS);
            wipe();
            open();
            append(10);
        }
    }

    /** Whether the deletion came through without reaching the crash. */
    private boolean deleteWithCrashAt(int step) throws IOException {
        log.force();
        disk.crashAt(step, step % 2 == 0 ? Crash.POWER : Crash.PROCESS);
        try {
            log.upkeep().deleteBefore(8, 0);
            log.upkeep().purge(0, 0);
        } catch (IOException e) {
            assertThat(disk.hasCrashed()).isTrue();
        }
        boolean done = !disk.hasCrashed();
        disk.crash(Crash.PROCESS);
        open();
        return done;
    }

    private void wipe() throws IOException {
        for (String name : disk.list(FOLDER)) {
            disk.delete(FOLDER.resolve(name));
        }
    }

    private SegmentFolder segmentFolder() {
        return new SegmentFolder(disk, FOLDER);
    }

    private void open() throws IOException {
        directory = LogDirectory.open(disk, ROOT);
        log = directory.openLog("orders/0", CONFIG);
        assertThat(disk.kind(FOLDER)).isEqualTo(Disk.Kind.DIRECTORY);
    }

    private void append(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            log.append(TestBatches.batch("value %02d".formatted(log.logEndOffset())), 1, 0);
        }
    }

    private void assertHolds(long from, long to) throws IOException {
        assertThat(log.logStartOffset()).isEqualTo(from);
        assertThat(TestBatches.read(log, from, 1 << 20).stream()
                        .map(TestBatches.Text::value)
                        .toList())
                .isEqualTo(IntStream.range((int) from, (int) to)
                        .mapToObj("value %02d"::formatted)
                        .toList());
    }
}
