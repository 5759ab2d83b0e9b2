package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.DiskFullException;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.segment.RecoveryPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a directory notes of how far its logs have been forced, and what recovery makes of that. */
class RecoveryPointTests {
    private static final LogConfig CONFIG = new LogConfig(1 << 20, Long.MAX_VALUE, 100);
    private static final Path ROOT = Path.of("/data");
    private static final Path FOLDER = ROOT.resolve("logs/orders/0");
    private static final Path POINTS = ROOT.resolve("naru-recovery-points");
    private static final Path VOID = FOLDER.resolve("no-recovery-point");
    private static final int BATCH_BYTES = TestBatches.batch("value 00").remaining();

    private FaultyDisk disk = new FaultyDisk(11);
    private LogDirectory directory;
    private CommitLog log;

    @BeforeEach
    void open() throws IOException {
        directory = LogDirectory.open(disk, ROOT);
        directory.recoverAll(1);
        log = directory.openLog("orders/0", CONFIG);
    }

    @ParameterizedTest
    @EnumSource
    void recoveryReadsOnlyWhatLiesBeyond(Crash how) throws IOException {
        append(5);
        log.force();
        directory.checkpoint();
        append(2);
        log.force();
        disk.crash(how);
        open();
        assertThat(log.recovery().scannedBytes()).isEqualTo(2L * BATCH_BYTES);
        assertHolds(7);
        append(1);
        assertHolds(8);
    }

    @Test
    void whatIsNotForcedIsNotNoted() throws IOException {
        append(5);
        directory.checkpoint();
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.recovery().scannedBytes()).isEqualTo(5L * BATCH_BYTES);
        assertHolds(5);
    }

    @Test
    void aBadLastBatchBelowItIsNotTakenForATornWrite() throws IOException {
        append(5);
        log.force();
        directory.checkpoint();
        flip(4 * BATCH_BYTES + 70);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.recovery().cutBytes()).isZero();
        assertThat(log.logEndOffset()).isEqualTo(5);
        assertThat(disk.size(logFile())).isEqualTo(5L * BATCH_BYTES);
    }

    @Test
    void aBadBatchBelowItIsDamageWhereTheLogHasToBeReadAnyway() throws IOException {
        append(5);
        log.force();
        directory.checkpoint();
        flip(4 * BATCH_BYTES + 70);
        append(1);
        disk.fail(Operation.FORCE, 1);
        assertThatThrownBy(() -> log.force()).isInstanceOf(IOException.class);
        cutFile(5 * BATCH_BYTES);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.state())
                .isInstanceOfSatisfying(
                        LogState.Damaged.class,
                        damaged -> assertThat(damaged.reason()).contains("had been forced", "offset 4", "CRC-32C"));
        assertThat(disk.size(logFile())).isEqualTo(5L * BATCH_BYTES);
    }

    @Test
    void aFileShorterThanItIsDamage() throws IOException {
        append(5);
        log.force();
        directory.checkpoint();
        cutFile(3 * BATCH_BYTES);
        forceFile();
        disk.crash(Crash.POWER);
        open();
        assertThat(log.state())
                .isInstanceOfSatisfying(
                        LogState.Damaged.class,
                        damaged ->
                                assertThat(damaged.reason()).contains(5 * BATCH_BYTES + " bytes", "had been forced"));
        assertHolds(3);
        directory.checkpoint();
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.state()).isInstanceOf(LogState.Damaged.class);
    }

    @Test
    void acceptingDamageMakesItVoidUntilTheNextIsNoted() throws IOException {
        append(5);
        log.force();
        directory.checkpoint();
        cutFile(3 * BATCH_BYTES);
        disk.crash(Crash.PROCESS);
        open();
        log.acceptDamage();
        append(2);
        disk.crash(Crash.PROCESS);
        // As long as was noted, but of other bytes, which nobody has forced.
        assertThat(disk.size(logFile())).isEqualTo(5L * BATCH_BYTES);
        open();
        assertThat(log.recovery().scannedBytes()).isEqualTo(5L * BATCH_BYTES);

        directory.checkpoint();
        assertThat(disk.kind(VOID)).isEqualTo(io.naru.commitlog.disk.Disk.Kind.MISSING);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.recovery().scannedBytes()).isZero();
        assertHolds(5);
    }

    @ParameterizedTest
    @EnumSource
    void aCrashAtAnyStepOfAcceptingDamageNeverVouchesForOtherBytes(Crash how) throws IOException {
        boolean crashed = true;
        for (int step = 1; crashed; step++) {
            disk = new FaultyDisk(step);
            open();
            append(5);
            log.force();
            directory.checkpoint();
            append(2);
            log.force();
            cutFile(3 * BATCH_BYTES);
            forceFile();
            disk.crash(Crash.PROCESS);
            open();
            disk.crashAt(step, how);
            try {
                log.acceptDamage();
                directory.checkpoint();
            } catch (IOException _) {
                assertThat(disk.hasCrashed()).isTrue();
            }
            crashed = disk.hasCrashed();
            disk.crash(how);
            open();
            if (log.state() instanceof LogState.Damaged) {
                log.acceptDamage();
            }
            assertHolds(3);
            // As long as was noted; but these bytes were never forced, so nothing vouches for them: a torn write.
            append(2);
            disk.crash(Crash.PROCESS);
            flipInLastBatch();
            open();
            assertThat(log.state()).isInstanceOf(LogState.Writable.class);
            assertHolds(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCrashAtAnyStepOfNotingLosesNothing(Crash how) throws IOException {
        boolean crashed = true;
        for (int step = 1; crashed; step++) {
            disk = new FaultyDisk(step);
            open();
            append(3);
            log.force();
            directory.checkpoint();
            append(3);
            log.force();
            disk.crashAt(step, how);
            try {
                directory.checkpoint();
            } catch (IOException _) {
                assertThat(disk.hasCrashed()).isTrue();
            }
            crashed = disk.hasCrashed();
            disk.crash(how);
            open();
            assertThat(log.state()).isInstanceOf(LogState.Writable.class);
            assertThat(log.recovery().scannedBytes()).isLessThanOrEqualTo(3L * BATCH_BYTES);
            assertHolds(6);
        }
    }

    @Test
    void aFailureToNoteLeavesWhatWasNoted() throws IOException {
        append(3);
        log.force();
        directory.checkpoint();
        append(3);
        log.force();
        for (Operation operation : List.of(Operation.CREATE, Operation.WRITE, Operation.FORCE, Operation.RENAME)) {
            disk.fail(operation, 1);
            assertThatThrownBy(() -> directory.checkpoint()).hasMessageContaining(operation.name());
        }
        disk.limit(1);
        assertThatThrownBy(() -> directory.checkpoint()).isInstanceOf(DiskFullException.class);
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        disk.crash(Crash.POWER);
        open();
        assertThat(log.recovery().scannedBytes()).isEqualTo(3L * BATCH_BYTES);
        assertHolds(6);
    }

    @Test
    void aDamagedNoteIsNoNote() throws IOException {
        append(3);
        log.force();
        directory.checkpoint();
        int size = (int) disk.size(POINTS);
        for (int at = 0; at < size; at++) {
            flip(POINTS, at);
            disk.crash(Crash.PROCESS);
            open();
            assertThat(log.recovery().scannedBytes()).isEqualTo(3L * BATCH_BYTES);
            directory.checkpoint();
        }
        assertHolds(3);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.recovery().scannedBytes()).isZero();
    }

    @Test
    void aNewLogDoesNotInheritThatOfItsNamesake() throws IOException {
        append(5);
        log.force();
        directory.checkpoint();
        directory.deleteLog("orders/0");
        log = directory.openLog("orders/0", CONFIG);
        append(6);
        disk.crash(Crash.PROCESS);
        flipInLastBatch();
        open();
        assertThat(log.recovery().scannedBytes()).isEqualTo(5L * BATCH_BYTES);
        assertThat(log.recovery().cutBytes()).isEqualTo(BATCH_BYTES);
        assertHolds(5);
    }

    @Test
    void aDeletedLogIsForgotten() throws IOException {
        append(5);
        log.force();
        directory.checkpoint();
        long with = disk.size(POINTS);
        directory.deleteLog("orders/0");
        directory.checkpoint();
        assertThat(disk.size(POINTS)).isLessThan(with);
    }

    @Test
    void thatOfALogThatNobodyOpenedStays() throws IOException {
        append(5);
        log.force();
        directory.checkpoint();
        disk.crash(Crash.PROCESS);
        directory = LogDirectory.open(disk, ROOT);
        directory.openLog("orders/1", CONFIG).append(TestBatches.batch("a"), 1, 0);
        directory.checkpoint();
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.recovery().scannedBytes()).isZero();
        assertHolds(5);
    }

    @Test
    void readingWhatRecoveryPassedOverBuildsTheIndexAgain() throws IOException {
        append(40);
        log.force();
        directory.checkpoint();
        append(20);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.recovery().scannedBytes()).isEqualTo(20L * BATCH_BYTES);
        assertThat(disk.list(FOLDER)).doesNotContain("%020d.index".formatted(0));
        assertHolds(60);
        assertThat(disk.list(FOLDER)).contains("%020d.index".formatted(0));
        append(20);
        assertHolds(80);
        directory.close();
        open();
        assertThat(log.recovery()).isEqualTo(RecoveryReport.CLEAN);
        assertHolds(80);
    }

    @Test
    void closingDoesNotReadWhatRecoveryPassedOver() throws IOException {
        append(40);
        log.force();
        directory.checkpoint();
        disk.crash(Crash.PROCESS);
        open();
        disk.fail(Operation.READ, 1);
        directory.close();
        disk.crash(Crash.PROCESS);
        open();
        assertThat(directory.startedClean()).isTrue();
        assertThat(log.recovery()).isEqualTo(RecoveryReport.CLEAN);
        assertHolds(40);
    }

    @Test
    void theIndexOfALogThatRestsIsWritten() throws IOException {
        append(400);
        log.force();
        directory.checkpoint();
        assertThat(disk.list(FOLDER)).doesNotContain("%020d.index".formatted(0));
        directory.checkpoint();
        assertThat(disk.list(FOLDER)).contains("%020d.index".formatted(0));
        long indexBytes = disk.size(FOLDER.resolve("%020d.index".formatted(0)));
        assertHolds(400);
        append(300);
        log.force();
        assertHolds(700);
        directory.checkpoint();
        directory.checkpoint();
        assertThat(disk.size(FOLDER.resolve("%020d.index".formatted(0)))).isGreaterThan(indexBytes);
        assertHolds(700);
        disk.crash(Crash.POWER);
        open();
        assertThat(log.recovery().scannedBytes()).isZero();
        assertHolds(700);
    }

    @Test
    void onlySoManyIndexesAreWrittenAtOnce() throws IOException {
        for (int i = 0; i < 70; i++) {
            CommitLog one = directory.openLog("many/" + i, CONFIG);
            for (int batch = 0; batch < 140; batch++) {
                one.append(TestBatches.batch("value 00"), 1, 0);
            }
            one.force();
        }
        directory.checkpoint();
        directory.checkpoint();
        assertThat(indexes()).isEqualTo(64);
        directory.checkpoint();
        assertThat(indexes()).isEqualTo(70);
    }

    @Test
    void itsFormatIsWhatItsDrawingSays() throws IOException {
        ByteBuffer bytes = RecoveryPointsFormat.write(Map.of("b", new RecoveryPoint(1, 2, 3, 4, 5)));
        assertThat(bytes.remaining()).isEqualTo(12 + 2 + 1 + 36 + 4);
        assertThat(bytes.getInt(8)).isEqualTo(1);
        assertThat(bytes.get(14)).isEqualTo((byte) 'b');
        assertThat(bytes.getLong(15)).isEqualTo(1);
        assertThat(bytes.getInt(23)).isEqualTo(2);
        assertThat(RecoveryPointsFormat.read(bytes)).containsOnly(Map.entry("b", new RecoveryPoint(1, 2, 3, 4, 5)));
        assertThatThrownBy(() -> RecoveryPointsFormat.read(ByteBuffer.allocate(7)))
                .isInstanceOf(RecoveryPointsFormat.DamagedException.class);
    }

    private long indexes() throws IOException {
        long count = 0;
        for (int i = 0; i < 70; i++) {
            count += disk.list(ROOT.resolve("logs/many/" + i)).stream()
                    .filter(name -> name.endsWith(".index"))
                    .count();
        }
        return count;
    }

    private void append(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            log.append(TestBatches.batch("value %02d".formatted(log.logEndOffset() % 100)), 1, 0);
        }
    }

    private void assertHolds(int count) throws IOException {
        List<String> expected = IntStream.range(0, count)
                .mapToObj(i -> "value %02d".formatted(i % 100))
                .toList();
        assertThat(TestBatches.values(log)).isEqualTo(expected);
        for (int from = 0; from < count; from += 3) {
            assertThat(TestBatches.read(log, from, 250)).hasSize(count - from);
        }
        assertThat(log.offsetForTime(1000).isPresent()).isEqualTo(count > 0);
    }

    private static Path logFile() {
        return FOLDER.resolve("%020d.log".formatted(0));
    }

    private void cutFile(long size) throws IOException {
        try (DiskFile file = disk.open(logFile())) {
            file.truncate(size);
        }
    }

    private void forceFile() throws IOException {
        try (DiskFile file = disk.open(logFile())) {
            file.force();
        }
    }

    private void flipInLastBatch() throws IOException {
        flip((int) disk.size(logFile()) - 5);
    }

    private void flip(int position) throws IOException {
        flip(logFile(), position);
    }

    private void flip(Path path, long position) throws IOException {
        try (DiskFile file = disk.open(path)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, position);
            file.write(one.put(0, (byte) ~one.get(0)).rewind(), position);
        }
    }
}
