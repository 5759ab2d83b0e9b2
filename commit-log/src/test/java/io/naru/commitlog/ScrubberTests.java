package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.damage.Damage;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.disk.FaultyDisk.Stall;
import io.naru.commitlog.disk.FileSystemDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ScrubberTests {
    private static final LogConfig CONFIG = new LogConfig(1500, Long.MAX_VALUE, 200);
    private static final Path ROOT = Path.of("/data");
    private static final Path FOLDER = ROOT.resolve("logs/orders/0");
    private static final long FAST = 1L << 30;

    private final FaultyDisk disk = new FaultyDisk(1);
    private LogDirectory directory = open();
    private CommitLog log = fill();

    private LogDirectory open() {
        try {
            return LogDirectory.open(disk, ROOT);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private CommitLog fill() {
        try {
            CommitLog opened = directory.openLog("orders/0", CONFIG);
            for (int i = 0; i < 60; i++) {
                opened.append(TestBatches.of(7, 0, i * 2, 2), i < 20 ? 1 : 2, 1000 + i);
            }
            opened.force();
            directory.checkpoint();
            return opened;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        directory.close();
    }

    @Test
    void findsNothingWhereNothingIsWrong() throws IOException {
        log.upkeep().deleteBefore(30, 5000);
        log.append(TestBatches.batch("not forced"), 2, 6000);
        scrub();
        assertThat(directory.damages().all()).isEmpty();
        assertThat(directory.scrubber().progress().bytesRead()).isGreaterThan(3000);
        assertThat(directory.scrubber().progress().logs()).isEqualTo(1);
        assertThat(directory.scrubber().progress().lastPassEnded()).isNotNull();
    }

    @Test
    void findsAFlippedBitWhereverInABatchItIs() throws IOException {
        Random random = new Random(17);
        ScrubPace pace = new ScrubPace(FAST);
        Path file = segments().get(1);
        String base = file.getFileName().toString().substring(0, 20);
        RecordBatch first = TestBatches.headers(log).stream()
                .filter(header -> header.baseOffset() == Long.parseLong(base))
                .findFirst()
                .orElseThrow();
        int bytes = first.sizeInBytes();
        for (int at = 0; at < bytes; at += 1 + random.nextInt(8)) {
            int bit = random.nextInt(8);
            Damaging.flip(disk, file, bytes + at, bit);
            log.scrub(pace);
            assertThat(directory.damages().all())
                    .as("byte %d, bit %d", at, bit)
                    .singleElement()
                    .satisfies(damage -> {
                        assertThat(damage.file()).isEqualTo(file);
                        assertThat(damage.position()).isEqualTo(bytes);
                        assertThat(damage.mended()).isFalse();
                    });
            Damaging.flip(disk, file, bytes + at, bit);
            log.scrub(pace);
            assertThat(directory.damages().all()).isEmpty();
        }
        assertThat(directory.damages().foundCount()).isGreaterThan(10);
    }

    @Test
    void findsEachOfSeveralPlaces() throws IOException {
        List<Path> segments = segments();
        Damaging.flip(disk, segments.get(0), 200, 3);
        Damaging.flip(disk, segments.get(0), 900, 3);
        Damaging.flip(disk, segments.get(2), 80, 3);
        scrub();
        assertThat(directory.damages().all())
                .extracting(damage -> damage.file().getFileName())
                .containsExactly(
                        segments.get(0).getFileName(),
                        segments.get(0).getFileName(),
                        segments.get(2).getFileName());
        assertThat(log.damages()).isEqualTo(directory.damages().all());
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {".index", ".timeindex"})
    void buildsADamagedIndexAgain(String suffix) throws IOException {
        Path index = list(suffix).getFirst();
        Random random = new Random(5);
        for (int i = 0; i < 30; i++) {
            Damaging.flip(disk, index, random.nextInt((int) disk.size(index)), random.nextInt(8));
            log.scrub(new ScrubPace(FAST));
            assertThat(directory.damages().all())
                    .isNotEmpty()
                    .allMatch(damage -> damage.file().endsWith(index.getFileName()))
                    .allMatch(Damage::mended);
        }
        assertThat(directory.damages().count()).isZero();
        assertThat(TestBatches.values(log)).hasSize(120);
        directory.close();
        directory = open();
        assertThat(directory.startedClean()).isTrue();
        scrubOnceOpen();
        assertThat(directory.damages().all()).isEmpty();
    }

    @Test
    void reportsADamagedSnapshotAndLeavesItAlone() throws IOException {
        directory.close();
        directory = open();
        log = directory.openLog("orders/0", CONFIG);
        Path snapshot = list(".snapshot").getLast();
        long size = disk.size(snapshot);
        Damaging.flip(disk, snapshot, size / 2, 1);
        scrub();
        assertThat(directory.damages().all())
                .singleElement()
                .satisfies(damage -> assertThat(damage.file()).isEqualTo(snapshot));
        assertThat(disk.size(snapshot)).isEqualTo(size);
        // Whoever opens the log next does without it.
        directory.close();
        directory = open();
        log = directory.openLog("orders/0", CONFIG);
        assertThat(log.append(TestBatches.of(7, 0, 118, 2), 2, 9000).isDuplicate())
                .isTrue();
        assertThat(log.append(TestBatches.of(7, 0, 120, 2), 2, 9000).baseOffset())
                .isEqualTo(120);
    }

    @Test
    void writesAnewWhereTheLogStarts() throws IOException {
        log.upkeep().deleteBefore(50, 5000);
        Damaging.flip(disk, FOLDER.resolve("log-start"), 20, 2);
        scrub();
        assertThat(directory.damages().all()).singleElement().matches(Damage::mended);
        directory.close();
        directory = open();
        log = directory.openLog("orders/0", CONFIG);
        assertThat(log.logStartOffset()).isEqualTo(50);
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"naru-recovery-points", "naru-format"})
    void writesAnewWhatTheDirectoryNotes(String name) throws IOException {
        Path file = ROOT.resolve(name);
        Damaging.flip(disk, file, disk.size(file) / 2, 0);
        scrub();
        assertThat(directory.damages().all()).singleElement().satisfies(damage -> {
            assertThat(damage.file()).isEqualTo(file);
            assertThat(damage.mended()).isTrue();
        });
        var id = directory.directoryId();
        disk.crash(FaultyDisk.Crash.PROCESS);
        directory = open();
        assertThat(directory.directoryId()).isEqualTo(id);
        assertThat(directory.damages().all()).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsReportedAndKeepsNoOtherFromBeing() throws IOException {
        CommitLog other = directory.openLog("orders/1", CONFIG);
        other.append(TestBatches.batch("value"), 1, 0);
        other.force();
        disk.fail(Operation.READ, 1);
        scrub();
        assertThat(directory.damages().foundCount()).isEqualTo(1);
        // It could be read the next time.
        assertThat(directory.damages().count()).isZero();
    }

    @Test
    void aSegmentThatIsDeletedMeanwhileIsNoDamage() throws IOException {
        try (Stall stall = disk.stall(Operation.READ, 3)) {
            directory.scrubber().start(Duration.ofMillis(1), FAST);
            await().until(stall::isReached);
            log.upkeep().deleteBefore(110, 5000);
            log.upkeep().purge(Long.MAX_VALUE, 0);
        }
        awaitPass(1);
        assertThat(directory.damages().all()).isEmpty();
    }

    @Test
    void aLogThatIsDeletedMeanwhileIsNoDamage() throws IOException {
        try (Stall stall = disk.stall(Operation.READ, 3)) {
            directory.scrubber().start(Duration.ofMillis(1), FAST);
            await().until(stall::isReached);
            directory.deleteLog("orders/0");
        }
        awaitPass(1);
        assertThat(directory.damages().all()).isEmpty();
    }

    @Test
    void keepsToItsPaceAndEndsAtOnce() throws IOException {
        // One window of a segment would take it years.
        directory.scrubber().start(Duration.ofMillis(1), 1);
        await().until(() -> directory.scrubber().progress().bytesRead() > 0);
        assertThat(directory.scrubber().progress().running()).isTrue();
        assertThat(directory.scrubber().progress().bytesRead()).isLessThanOrEqualTo(1500);
        directory.close();
        assertThat(directory.scrubber().progress().running()).isFalse();
        assertThat(directory.scrubber().progress().passes()).isZero();
    }

    @Test
    void readsRealFilesPastTheCacheWhereItCan(@TempDir Path folder) throws IOException {
        try (LogDirectory real = LogDirectory.open(new FileSystemDisk(), folder)) {
            CommitLog onDisk = real.openLog("orders/0", new LogConfig(1 << 20, Long.MAX_VALUE, 4096));
            String value = "x".repeat(3000);
            for (int i = 0; i < 1000; i++) {
                onDisk.append(TestBatches.batch(value + i), 1, 0);
            }
            onDisk.force();
            onDisk.scrub(new ScrubPace(FAST));
            assertThat(real.damages().all()).isEmpty();
            Path file = folder.resolve("logs/orders/0/%020d.log".formatted(0));
            Damaging.flip(new FileSystemDisk(), file, 500_000, 4);
            onDisk.scrub(new ScrubPace(FAST));
            assertThat(real.damages().all()).hasSize(1);
            assertThat(Files.size(file)).isGreaterThan(500_000);
        }
    }

    private List<Path> segments() throws IOException {
        return list(".log");
    }

    private List<Path> list(String suffix) throws IOException {
        return disk.list(FOLDER).stream()
                .filter(name -> name.endsWith(suffix))
                .map(FOLDER::resolve)
                .toList();
    }

    private void scrub() {
        directory.scrubber().start(Duration.ofMillis(1), FAST);
        scrubAgain();
    }

    private void scrubOnceOpen() throws IOException {
        log = directory.openLog("orders/0", CONFIG);
        scrub();
    }

    private void scrubAgain() {
        awaitPass(directory.scrubber().progress().passes() + 2);
    }

    private void awaitPass(long number) {
        await().until(() -> directory.scrubber().progress().passes() >= number);
    }
}
