package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecoveryTests {
    private static final LogConfig CONFIG = new LogConfig(1000, Long.MAX_VALUE, 100);
    private static final Path ROOT = Path.of("/data");
    private static final Path FOLDER = ROOT.resolve("logs/orders/0");
    /** Each of the test's batches has this size, so that seven make a segment. */
    private static final int BATCH_BYTES = TestBatches.batch("value 00").remaining();

    private static final int PER_SEGMENT = 1000 / BATCH_BYTES;

    private final FaultyDisk disk = new FaultyDisk(42);
    private LogDirectory directory;
    private CommitLog log;

    @BeforeEach
    void openForTheFirstTime() throws IOException {
        open();
    }

    @Test
    void aCleanEndIsTrusted() throws IOException {
        append(30);
        directory.close();
        open();
        assertThat(directory.startedClean()).isTrue();
        assertThat(log.recovery()).isEqualTo(RecoveryReport.CLEAN);
        assertHolds(30);
    }

    @Test
    void aKilledProcessLosesNothing() throws IOException {
        append(30);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(directory.startedClean()).isFalse();
        assertThat(log.recovery().foundFlaw()).isFalse();
        assertHolds(30);
        assertThat(log.forcedEndOffset()).isEqualTo(30);
    }

    @Test
    void onlyWhatIsNotKnownToBeForcedIsReadAgain() throws IOException {
        append(30);
        log.force();
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.recovery().scannedBytes()).isEqualTo((30 % PER_SEGMENT) * (long) BATCH_BYTES);
        assertHolds(30);
    }

    @Test
    void aTornWriteIsCutOffAndKeptAside() throws IOException {
        append(3);
        log.force();
        ByteBuffer torn = TestBatches.batch("torn off");
        write(0, 3 * BATCH_BYTES, torn.slice(0, 50));
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        assertHolds(3);
        RecoveryReport report = log.recovery();
        assertThat(report.cutBytes()).isEqualTo(50);
        assertThat(report.cutFiles())
                .containsExactly(FOLDER.resolve("00000000000000000000-" + 3 * BATCH_BYTES + ".cut"));
        try (DiskFile cut = disk.open(report.cutFiles().getFirst())) {
            ByteBuffer kept = ByteBuffer.allocate(100);
            assertThat(cut.read(kept, 0)).isEqualTo(50);
            assertThat(kept.flip()).isEqualTo(torn.slice(0, 50));
        }
        append(1);
        assertThat(TestBatches.values(log)).hasSize(4);
    }

    @Test
    void aTornWriteOnAFullDiskIsCutOffAllTheSame() throws IOException {
        append(3);
        write(0, 3 * BATCH_BYTES, ByteBuffer.allocate(50));
        disk.crash(Crash.PROCESS);
        disk.limit(disk.usedBytes());
        open();
        assertThat(log.recovery().cutBytes()).isEqualTo(50);
        assertThat(log.recovery().cutFiles()).isEmpty();
        assertHolds(3);
    }

    @Test
    void soundBatchesBehindABadOneWaitForAnOperator() throws IOException {
        append(5);
        log.force();
        flip(0, 2 * BATCH_BYTES + 70);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.state())
                .isInstanceOfSatisfying(
                        LogState.Damaged.class,
                        damaged ->
                                assertThat(damaged.reason()).contains("offset 2", "CRC-32C", "acknowledged", "accept"));
        assertThatThrownBy(() -> append(1)).isInstanceOf(LogDamagedException.class);
        assertHolds(2);
        assertThat(fileBytes(0)).isEqualTo(5L * BATCH_BYTES);

        log.acceptDamage();
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        assertThat(disk.list(FOLDER)).contains("00000000000000000000-" + 2 * BATCH_BYTES + ".cut");
        append(1);
        log.force();
        directory.close();
        open();
        assertThat(directory.startedClean()).isTrue();
        assertThat(TestBatches.values(log)).hasSize(3);
    }

    @Test
    void damageIsStillThereAfterAnotherRestart() throws IOException {
        append(5);
        flip(0, 2 * BATCH_BYTES + 70);
        disk.crash(Crash.PROCESS);
        open();
        directory.close();
        open();
        assertThat(directory.startedClean()).isFalse();
        assertThat(log.state()).isInstanceOf(LogState.Damaged.class);
    }

    @Test
    void afterARestartOfTheHostUnforcedBatchesInAnyOrderAreExpected() throws IOException {
        append(5);
        log.force();
        flip(0, 2 * BATCH_BYTES + 70);
        forceFile(0);
        disk.crash(Crash.POWER);
        open();
        assertThat(directory.hostRestarted()).isTrue();
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        assertThat(log.recovery().cutBytes()).isEqualTo(3L * BATCH_BYTES);
        assertHolds(2);
    }

    @Test
    void afterARestartOfTheHostLogsThatNobodyOpenedAreRecoveredToo() throws IOException {
        append(5);
        log.force();
        flip(0, 2 * BATCH_BYTES + 70);
        forceFile(0);
        disk.crash(Crash.POWER);
        LogDirectory.open(disk, ROOT).recoverAll(1);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(directory.hostRestarted()).isFalse();
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        assertHolds(2);
    }

    @Test
    void damageInWhatHadBeenForcedIsNeverCutOffUnasked() throws IOException {
        append(2 * PER_SEGMENT + 2);
        log.force();
        flip(0, 2 * BATCH_BYTES + 70);
        forceFile(0);
        disk.delete(file(0, ".index"));
        disk.forceDirectory(FOLDER);
        disk.crash(Crash.POWER);
        // The first segment is read, since its seal is gone; that of the second vouches for it all the same.
        open();
        assertThat(log.state())
                .isInstanceOfSatisfying(
                        LogState.Damaged.class,
                        damaged -> assertThat(damaged.reason()).contains("had been forced"));
        assertHolds(2);
    }

    @Test
    void aFileShorterThanWhatHadBeenForcedIsDamage() throws IOException {
        append(5);
        directory.close();
        try (DiskFile file = openLogFile(0)) {
            file.truncate(3L * BATCH_BYTES);
        }
        open();
        assertThat(log.state()).isInstanceOf(LogState.Damaged.class);
        log.acceptDamage();
        append(2);
        // As long as before, with other bytes that were never forced: the old seal must not vouch for them.
        ByteBuffer large = TestBatches.batch("x".repeat(900));
        log.append(large, 1, 0);
        assertThat(log.segmentCount()).isEqualTo(2);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.recovery().scannedBytes()).isEqualTo(5L * BATCH_BYTES + large.remaining());
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        assertThat(log.logEndOffset()).isEqualTo(6);
    }

    @Test
    void aMissingSegmentInTheMiddleIsDamage() throws IOException {
        append(30);
        log.force();
        disk.crash(Crash.PROCESS);
        disk.delete(file(PER_SEGMENT, ".log"));
        open();
        assertThat(log.state()).isInstanceOf(LogState.Damaged.class);
        assertHolds(PER_SEGMENT);
        log.acceptDamage();
        append(1);
        assertThat(TestBatches.values(log)).hasSize(PER_SEGMENT + 1);
        assertThat(disk.list(FOLDER)).contains("%020d-0.cut".formatted(2 * PER_SEGMENT));
    }

    @Test
    void missingIndexesAreBuiltAgain() throws IOException {
        append(30);
        directory.close();
        for (String name : disk.list(FOLDER)) {
            if (name.endsWith("index")) {
                disk.delete(FOLDER.resolve(name));
            }
        }
        open();
        assertHolds(30);
        assertThat(disk.list(FOLDER)).contains(file(0, ".index").getFileName().toString());
    }

    @Test
    void damagedIndexesAreBuiltAgain() throws IOException {
        append(30);
        directory.close();
        for (String name : disk.list(FOLDER)) {
            if (name.endsWith(".timeindex")) {
                flipByte(FOLDER.resolve(name), 70);
            }
            if (name.endsWith(".index")) {
                flipByte(FOLDER.resolve(name), 65);
            }
        }
        open();
        assertHolds(30);
    }

    @Test
    void indexesWithDamagedHeadersAreBuiltAgain() throws IOException {
        append(30);
        directory.close();
        for (String name : disk.list(FOLDER)) {
            if (name.endsWith("index")) {
                flipByte(FOLDER.resolve(name), 30);
            }
        }
        open();
        assertHolds(30);
    }

    @Test
    void anIndexBehindItsSegmentIsTrustedAsFarAsItReaches() throws IOException {
        append(3);
        directory.close();
        open();
        append(2);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.recovery().scannedBytes()).isEqualTo(2L * BATCH_BYTES);
        assertHolds(5);
    }

    @Test
    void anEmptyLastSegmentIsKept() throws IOException {
        append(PER_SEGMENT);
        disk.create(file(PER_SEGMENT, ".log")).close();
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.segmentCount()).isEqualTo(2);
        assertThat(log.logEndOffset()).isEqualTo(PER_SEGMENT);
        append(1);
        assertHolds(PER_SEGMENT + 1);
    }

    @Test
    void anEmptyLogWithoutACleanEndIsEmpty() throws IOException {
        disk.crash(Crash.PROCESS);
        open();
        assertThat(directory.startedClean()).isFalse();
        assertThat(log.logEndOffset()).isZero();
        append(1);
        assertHolds(1);
    }

    @Test
    void aTailOfZerosIsCutOff() throws IOException {
        append(3);
        write(0, 3 * BATCH_BYTES, ByteBuffer.allocate(4096));
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.recovery().cutBytes()).isEqualTo(4096);
        assertHolds(3);
    }

    @Test
    void aFailedForceIsRememberedUntilSomebodyAccepts() throws IOException {
        append(3);
        log.force();
        append(1);
        disk.fail(Operation.FORCE, 1);
        assertThatThrownBy(() -> log.force()).hasMessageContaining("Input/output error");
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.state())
                .isInstanceOfSatisfying(
                        LogState.Damaged.class,
                        damaged -> assertThat(damaged.reason()).contains("force", "from offset 3 on"));
        log.acceptDamage();
        append(1);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
    }

    @Test
    void aForceThatFailsWhileALogIsOpenedIsRememberedToo() throws IOException {
        append(3);
        disk.crash(Crash.PROCESS);
        directory = LogDirectory.open(disk, ROOT);
        disk.fail(Operation.FORCE, 1);
        assertThatThrownBy(() -> directory.openLog("orders/0", CONFIG)).hasMessageContaining("injected into FORCE");
        directory.close();
        for (int restart = 0; restart < 2; restart++) {
            open();
            assertThat(directory.startedClean()).isFalse();
            assertThat(log.state())
                    .isInstanceOfSatisfying(
                            LogState.Damaged.class,
                            damaged -> assertThat(damaged.reason())
                                    .contains("from offset 0 on", "a force failed while the log was opened"));
            directory.close();
        }
        open();
        log.acceptDamage();
        append(1);
        assertThat(log.force()).isEqualTo(4);
        disk.crash(Crash.POWER);
        open();
        assertHolds(4);
    }

    @Test
    void aFolderWhoseForceFailedWhenItsLogWasMadeIsForcedByTheNextAttempt() throws IOException {
        for (int failing = 1; failing <= 3; failing++) {
            String name = "new" + failing + "/0";
            disk.fail(Operation.FORCE_DIRECTORY, failing);
            assertThatThrownBy(() -> directory.openLog(name, CONFIG)).hasMessageContaining("FORCE_DIRECTORY");
            CommitLog made = directory.openLog(name, CONFIG);
            made.append(TestBatches.batch("kept"), 1, 0);
            made.force();
        }
        // Its dice decide what of the unforced entries is lost; what was forced never is.
        disk.crash(Crash.POWER);
        open();
        for (int failing = 1; failing <= 3; failing++) {
            assertThat(TestBatches.values(directory.openLog("new" + failing + "/0", CONFIG)))
                    .containsExactly("kept");
        }
    }

    @Test
    void aLogThatCouldNotBeOpenedKeepsTheMarkOfACleanEndAway() throws IOException {
        directory.close();
        directory = LogDirectory.open(disk, ROOT);
        assertThat(directory.startedClean()).isTrue();
        disk.fail(Operation.FORCE_DIRECTORY, 3);
        assertThatThrownBy(() -> directory.openLog("new/0", CONFIG)).isInstanceOf(IOException.class);
        directory.close();
        assertThat(LogDirectory.open(disk, ROOT).startedClean()).isFalse();
    }

    @Test
    void theMarkOfACleanEndDoesNotVouchForALogThatNobodyRecovered() throws IOException {
        append(3);
        disk.crash(Crash.PROCESS);
        directory = LogDirectory.open(disk, ROOT);
        directory.openLog("orders/1", CONFIG);
        directory.close();
        open();
        assertThat(directory.startedClean()).isFalse();
        directory.openLog("orders/1", CONFIG);
        directory.close();
        open();
        assertThat(directory.startedClean()).isTrue();
        assertHolds(3);
    }

    @Test
    void aLogThatCannotBeRecoveredDoesNotKeepTheOthersFromBeingOpened() throws IOException {
        directory.openLog("odd/0", CONFIG).force();
        directory.openLog("sick/0", CONFIG).append(TestBatches.batch("lost"), 1, 0);
        append(3);
        log.force();
        disk.createDirectories(ROOT.resolve("logs/odd/0/folder"));
        disk.forceDirectory(ROOT.resolve("logs/odd/0"));
        disk.crash(Crash.POWER);
        // The logs are recovered in order of their names: the forces are those of orders/0 and sick/0.
        disk.fail(Operation.FORCE, 2);
        open();
        assertThat(directory.hostRestarted()).isTrue();
        assertHolds(3);
        assertThatThrownBy(() -> directory.openLog("odd/0", CONFIG)).isInstanceOf(IllegalArgumentException.class);
        assertThat(directory.openLog("sick/0", CONFIG).state()).isInstanceOf(LogState.Damaged.class);
        directory.close();
        open();
        assertThat(directory.startedClean()).isFalse();
    }

    private void open() throws IOException {
        directory = LogDirectory.open(disk, ROOT);
        directory.recoverAll(1);
        log = directory.openLog("orders/0", CONFIG);
    }

    private void append(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            log.append(TestBatches.batch("value %02d".formatted(log.logEndOffset() % 100)), 1, 0);
        }
    }

    private void assertHolds(int count) throws IOException {
        List<String> expected =
                IntStream.range(0, count).mapToObj("value %02d"::formatted).toList();
        assertThat(TestBatches.values(log)).isEqualTo(expected);
        for (int from = 0; from < count; from++) {
            assertThat(TestBatches.read(log, from, 250)).hasSize(count - from);
        }
        assertThat(log.offsetForTime(1000).isPresent()).isEqualTo(count > 0);
    }

    private static Path file(long base, String suffix) {
        return FOLDER.resolve("%020d".formatted(base) + suffix);
    }

    private DiskFile openLogFile(long base) throws IOException {
        return disk.open(file(base, ".log"));
    }

    private long fileBytes(long base) throws IOException {
        try (DiskFile file = openLogFile(base)) {
            return file.size();
        }
    }

    private void write(long base, long position, ByteBuffer bytes) throws IOException {
        try (DiskFile file = openLogFile(base)) {
            file.write(bytes, position);
        }
    }

    private void forceFile(long base) throws IOException {
        try (DiskFile file = openLogFile(base)) {
            file.force();
        }
    }

    private void flip(long base, long position) throws IOException {
        flipByte(file(base, ".log"), position);
    }

    private void flipByte(Path path, long position) throws IOException {
        try (DiskFile file = ((Disk) disk).open(path)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, position);
            file.write(one.put(0, (byte) ~one.get(0)).rewind(), position);
        }
    }
}
