package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.producer.ProducerLimits;
import io.naru.commitlog.producer.Verdict;
import io.naru.commitlog.segment.Segment;
import io.naru.commitlog.segment.SegmentFolder;
import io.naru.commitlog.snapshot.SnapshotFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A batch that names its producer is stored once, whatever happens between two attempts. */
class ProducerTests {
    private static final ProducerLimits LIMITS = new ProducerLimits(1000, 50, 500, 100);
    private static final LogConfig CONFIG = new LogConfig(1000, Long.MAX_VALUE, 100);
    private static final Path ROOT = Path.of("/data");
    private static final Path FOLDER = ROOT.resolve("logs/orders/0");

    private final FaultyDisk disk = new FaultyDisk(5);
    private LogDirectory directory;
    private CommitLog log;
    private long now = 10_000;
    private List<RecordBatch> filled = List.of();

    @BeforeEach
    void open() throws IOException {
        directory = LogDirectory.open(disk, ROOT, 0, LIMITS);
        log = directory.openLog("orders/0", CONFIG);
    }

    @Test
    void aDuplicateIsAnsweredWithTheOriginalOffsets() throws IOException {
        append(7, 0, 0, 3);
        append(8, 0, 0, 1);
        assertThat(append(7, 0, 0, 3)).isEqualTo(new LogAppend(0, 2, 1002, 0, true));
        assertThat(log.logEndOffset()).isEqualTo(4);
        assertThat(append(7, 0, 3, 1).baseOffset()).isEqualTo(4);
    }

    @Test
    void aGapAndAnOldEpochAreRefused() throws IOException {
        append(7, 3, 0, 2);
        assertThatThrownBy(() -> append(7, 3, 4, 1))
                .isInstanceOfSatisfying(
                        BatchRefusedException.class, e -> assertThat(e.reason()).isEqualTo(new Verdict.OutOfOrder(2)))
                .hasMessageContaining("next sequence number is 2", "the batch has 4");
        assertThatThrownBy(() -> append(7, 2, 2, 1))
                .isInstanceOfSatisfying(
                        BatchRefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(new Verdict.Fenced((short) 3)))
                .hasMessageContaining("epoch 2", "epoch 3");
        assertThat(log.logEndOffset()).isEqualTo(2);
    }

    @Test
    void aKeyIsStoredOnce() throws IOException {
        long base = log.append(TestBatches.keyed(1, 2), 0, now).baseOffset();
        append(7, 0, 0, 1);
        assertThat(log.append(TestBatches.keyed(1, 2), 0, now)).isEqualTo(new LogAppend(base, base + 1, 1001, 0, true));
        assertThat(log.append(TestBatches.keyed(2, 2), 0, now).isDuplicate()).isFalse();
    }

    @Test
    void aKeyThatWasForgottenAndUsedAgainStandsForTheLaterBatch() throws IOException {
        log.append(TestBatches.keyed(1, 1), 0, now);
        now += LIMITS.keyExpirationMillis() + 1;
        append(7, 0, 0, 1);
        long again = log.append(TestBatches.keyed(1, 1), 0, now).baseOffset();
        assertThat(again).isPositive();
        disk.crash(Crash.PROCESS);
        open();
        assertThat(log.append(TestBatches.keyed(1, 1), 0, now))
                .satisfies(answer -> assertThat(answer.isDuplicate()).isTrue())
                .satisfies(answer -> assertThat(answer.baseOffset()).isEqualTo(again));
    }

    @Test
    void aLogThatRestsForgetsWhoseTimeIsOver() throws IOException {
        append(7, 0, 0, 1);
        log.append(TestBatches.keyed(1, 1), 0, now);
        now += LIMITS.producerExpirationMillis() + 1;
        assertThat(log.rollIfDue(RetentionLimits.NONE, now)).isFalse();
        log.upkeep().deleteBefore(log.logEndOffset(), now);
        assertThat(snapshots()).as("written for producers that are known").isEmpty();
    }

    @Test
    void nothingIsDeletedWhileItsProducersCannotBeNoted() throws IOException {
        append(7, 0, 0, 2);
        log.append(TestBatches.batch("without a producer"), 0, now);
        disk.fail(Operation.CREATE, 1);
        assertThatThrownBy(() -> log.upkeep().deleteBefore(log.logEndOffset(), now))
                .isInstanceOf(IOException.class);
        assertThat(log.logStartOffset()).isZero();
        assertThat(log.upkeep().deleteBefore(log.logEndOffset(), now)).isEqualTo(3);
        disk.crash(Crash.PROCESS);
        open();
        assertThat(append(7, 0, 0, 2).isDuplicate()).isTrue();
    }

    @Test
    void anAppendThatFailedIsNotRemembered() throws IOException {
        append(7, 0, 0, 1);
        disk.fail(Operation.WRITE, 1);
        assertThatThrownBy(() -> append(7, 0, 1, 1)).isInstanceOf(IOException.class);
        disk.fail(Operation.WRITE, 1);
        assertThatThrownBy(() -> log.append(TestBatches.keyed(1, 1), 0, now)).isInstanceOf(IOException.class);
        assertThat(append(7, 0, 1, 1).isDuplicate()).isFalse();
        assertThat(log.append(TestBatches.keyed(1, 1), 0, now).isDuplicate()).isFalse();
    }

    @Test
    void producersSurviveACleanEnd() throws IOException {
        fill();
        directory.close();
        open();
        assertRemembered();
    }

    @Test
    void producersSurviveAKilledProcess() throws IOException {
        fill();
        disk.crash(Crash.PROCESS);
        open();
        assertRemembered();
    }

    @Test
    void producersSurviveALossOfPower() throws IOException {
        fill();
        log.force();
        disk.crash(Crash.POWER);
        open();
        assertRemembered();
    }

    @Test
    void withDamagedSnapshotsOlderOnesOrTheLogAreRead() throws IOException {
        for (int from = 0; from < 7; from += 3) {
            fill(from, Math.min(from + 3, 7));
            directory.close();
            open();
        }
        directory.close();
        assertThat(snapshots()).hasSize(3);
        for (String name : snapshots().reversed()) {
            try (DiskFile file = disk.open(FOLDER.resolve(name))) {
                file.write(ByteBuffer.wrap(new byte[] {77}), file.size() / 2);
            }
            open();
            assertRemembered();
            disk.crash(Crash.PROCESS);
        }
    }

    @Test
    void theNewestSnapshotIsEnough() throws IOException {
        fill();
        directory.close();
        List<String> segments =
                disk.list(FOLDER).stream().filter(name -> name.endsWith(".log")).toList();
        assertThat(segments).hasSizeGreaterThan(2);
        for (String name : segments.subList(0, segments.size() - 1)) {
            try (DiskFile file = disk.open(FOLDER.resolve(name))) {
                // No batch any more, and nobody looks.
                file.write(ByteBuffer.wrap(new byte[] {1}), 16);
            }
        }
        open();
        assertRemembered();
    }

    @Test
    void producersSurviveTheDeletionOfAllTheirBatches() throws IOException {
        for (Crash how : Crash.values()) {
            log.append(TestBatches.keyed(how.ordinal(), 1), 0, now);
            append(7 + how.ordinal(), 0, 0, 2);
            log.append(TestBatches.batch("without a producer"), 0, now);
            log.upkeep().deleteBefore(log.logEndOffset(), now);
            log.append(TestBatches.batch("unforced"), 0, now);
            disk.crash(how);
            open();
            assertThat(log.append(TestBatches.keyed(how.ordinal(), 1), 0, now).isDuplicate())
                    .isTrue();
            assertThat(append(7 + how.ordinal(), 0, 0, 2).isDuplicate()).isTrue();
            assertThatThrownBy(() -> append(7 + how.ordinal(), 0, 3, 1)).hasMessageContaining("is 2");
        }
    }

    @Test
    void snapshotsAreNotWrittenAgainWhereNothingWasAppended() throws IOException {
        fill();
        directory.close();
        open();
        for (String name : snapshots()) {
            disk.delete(FOLDER.resolve(name));
        }
        directory.close();
        assertThat(snapshots()).isEmpty();
    }

    @Test
    void timeIsRememberedToo() throws IOException {
        append(7, 0, 0, 1);
        log.append(TestBatches.keyed(1, 1), 0, now);
        directory.close();
        open();
        now += 501;
        assertThat(log.append(TestBatches.keyed(1, 1), 0, now).isDuplicate()).isFalse();
        now += 500;
        // Unknown by now: whatever it says is taken.
        assertThat(append(7, 0, 5, 1).isDuplicate()).isFalse();
    }

    @Test
    void whenTheTimeIsLostNobodyIsForgottenTooEarly() throws IOException {
        append(7, 0, 0, 1);
        log.append(TestBatches.keyed(1, 1), 0, now);
        disk.crash(Crash.PROCESS);
        open();
        now += 100_000;
        assertThat(log.append(TestBatches.keyed(1, 1), 0, now).isDuplicate()).isTrue();
        assertThat(append(7, 0, 0, 1).isDuplicate()).isTrue();
    }

    @Test
    void moreKeysThanAllowedAreRefusedAndTheLogGoesOn() throws IOException {
        for (int i = 0; i < 100; i++) {
            log.append(TestBatches.keyed(i, 1), 0, now);
        }
        assertThatThrownBy(() -> log.append(TestBatches.keyed(100, 1), 0, now))
                .isInstanceOfSatisfying(
                        BatchRefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(new Verdict.TooManyKeys(100)));
        append(7, 0, 0, 1);
        now += 501;
        assertThat(log.append(TestBatches.keyed(100, 1), 0, now).isDuplicate()).isFalse();
    }

    @Test
    void whatRecoveryCutsOffMayBeSentAgain() throws IOException {
        append(7, 0, 0, 2);
        log.force();
        append(7, 0, 2, 1);
        try (DiskFile file = disk.open(FOLDER.resolve("00000000000000000000.log"))) {
            file.truncate(file.size() - 1);
        }
        disk.crash(Crash.PROCESS);
        open();
        assertThat(append(7, 0, 0, 2)).isEqualTo(new LogAppend(0, 1, 1001, 0, true));
        assertThat(append(7, 0, 2, 1))
                .isEqualTo(new LogAppend(2, 2, 1000, TestBatches.of(7, 0, 2, 1).remaining(), false));
    }

    @Test
    void aCutLogForgetsWhatItLostAndNothingElse() throws IOException {
        append(7, 0, 0, 2);
        log.append(TestBatches.keyed(1, 1), 0, now);
        append(7, 0, 2, 1);
        log.append(TestBatches.keyed(2, 1), 0, now);
        directory.close();
        SegmentFolder folder = new SegmentFolder(disk, FOLDER);
        BatchHistory history = BatchHistory.load(new SnapshotFiles(folder, LIMITS), LIMITS, read(folder), 0);
        assertThat(check(history, TestBatches.of(7, 0, 2, 1))).isInstanceOf(Verdict.Duplicate.class);

        history.cutting(3);
        try (DiskFile file = folder.openLog(0)) {
            file.truncate(TestBatches.of(7, 0, 0, 2).remaining()
                    + TestBatches.keyed(1, 1).remaining());
        }
        history.cut(read(folder));
        assertThat(check(history, TestBatches.of(7, 0, 0, 2))).isInstanceOf(Verdict.Duplicate.class);
        assertThat(check(history, TestBatches.keyed(1, 1))).isInstanceOf(Verdict.Duplicate.class);
        assertThat(check(history, TestBatches.of(7, 0, 2, 1))).isEqualTo(Verdict.APPEND);
        assertThat(check(history, TestBatches.keyed(2, 1))).isEqualTo(Verdict.APPEND);
        assertThat(snapshots()).isEmpty();
    }

    /** Seven batches of each of three producers and seven with a key, over several segments. */
    private void fill() throws IOException {
        fill(0, 7);
    }

    private void fill(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            append(7, 0, i * 2, 2);
            append(8, i / 4, i % 4, 1);
            append(9, 0, Integer.MAX_VALUE - 5 + i * 2 & Integer.MAX_VALUE, 2);
            log.append(TestBatches.keyed(i, 1 + i % 3), i, now);
        }
        filled = TestBatches.headers(log);
    }

    private void assertRemembered() throws IOException {
        long end = log.logEndOffset();
        assertThat(filled).hasSize(28);
        int known = 0;
        for (RecordBatch batch : filled.subList(8, 28)) {
            boolean isOldEpoch = batch.producerId() == 8 && batch.producerEpoch() == 0;
            if (!isOldEpoch) {
                ByteBuffer again =
                        TestBatches.of(batch.producerId(), batch.producerEpoch(), batch.baseSequence(), batch.count());
                assertThat(log.append(again, 9, now))
                        .isEqualTo(
                                new LogAppend(batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp(), 0, true));
                known++;
            }
        }
        assertThat(known).isEqualTo(18);
        assertThatThrownBy(() -> append(7, 0, 15, 1)).hasMessageContaining("next sequence number is 14");
        assertThatThrownBy(() -> append(8, 0, 4, 1)).hasMessageContaining("epoch 1");
        assertThatThrownBy(() -> append(9, 0, 9, 1)).hasMessageContaining("next sequence number is 8");
        assertThat(log.logEndOffset()).isEqualTo(end);
    }

    private LogAppend append(long producerId, int epoch, int sequence, int records) throws IOException {
        return log.append(TestBatches.of(producerId, epoch, sequence, records), Math.max(0, log.latestEpoch()), now);
    }

    private Verdict check(BatchHistory history, ByteBuffer batch) {
        return history.check(RecordBatch.of(batch), now);
    }

    private static SegmentList read(SegmentFolder folder) throws IOException {
        Segment segment = Segment.unscanned(folder, 0, 100);
        assertThat(segment.scan()).isNull();
        return new SegmentList(List.of(segment));
    }

    private List<String> snapshots() throws IOException {
        return disk.list(FOLDER).stream()
                .filter(name -> name.endsWith(".snapshot"))
                .toList();
    }
}
