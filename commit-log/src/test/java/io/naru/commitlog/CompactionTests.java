package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.naru.commitlog.KeyedLog.Draft;
import io.naru.commitlog.KeyedLog.Entry;
import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.batch.RecordBatchBuilder;
import io.naru.commitlog.compaction.CompactionStoppedException;
import io.naru.commitlog.compaction.Compactor;
import io.naru.commitlog.compaction.IoThrottle;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.DiskFullException;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.segment.SegmentFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Leaving the latest record of each key, and nothing else. */
class CompactionTests {
    private static final Path FOLDER = KeyedLog.ROOT.resolve("logs/orders/0");
    private static final LogConfig CONFIG = new LogConfig(500, Long.MAX_VALUE, 100);

    private final FaultyDisk disk = new FaultyDisk(7);
    private KeyedLog keyed;

    @BeforeEach
    void open() throws IOException {
        keyed = new KeyedLog(disk, CONFIG);
    }

    @Test
    void onlyTheLatestRecordOfEachKeyStaysWhereItWas() throws IOException {
        fill(40, 5);
        CompactionReport report = keyed.compact(0);
        assertThat(report.complete()).isTrue();
        assertThat(report.bytesAfter()).isLessThan(report.bytesBefore() / 2);
        assertThat(report.keys()).isEqualTo(5);
        keyed.assertInOrder();
        long clean = keyed.log.compaction().firstDirtyOffset();
        List<Entry> found = keyed.read(0, 1000);
        assertThat(found.stream().filter(entry -> entry.offset() < clean)).hasSize(5);
        assertThat(found.stream().filter(entry -> entry.offset() >= clean))
                .isEqualTo(keyed.model.subList((int) clean, 40));
    }

    @Test
    void everyOffsetCanStillBeReadFromAndTimesAreFound() throws IOException {
        fill(40, 5);
        keyed.compact(0);
        List<Entry> all = keyed.read(0, 1000);
        for (long offset = 0; offset < 40; offset++) {
            long from = offset;
            assertThat(keyed.read(from, 150))
                    .isEqualTo(
                            all.stream().filter(entry -> entry.offset() >= from).toList());
            assertThat(keyed.log.offsetForTime(1000 + offset).orElseThrow().offset())
                    .isEqualTo(all.stream()
                            .filter(entry -> entry.offset() >= from)
                            .findFirst()
                            .orElseThrow()
                            .offset());
        }
    }

    @Test
    void smallNeighboursBecomeOneSegment() throws IOException {
        fill(100, 2);
        int before = keyed.log.segmentCount();
        keyed.compact(0);
        assertThat(before).isGreaterThan(10);
        // What is full is written anew by itself first; only what has become small can be joined.
        assertThat(keyed.log.segmentCount()).isLessThanOrEqualTo(before);
        keyed.put("k0", "again");
        fill(20, 2);
        keyed.compact(0);
        assertThat(keyed.log.segmentCount()).isLessThan(before);
        keyed.assertInOrder();
        reopen(Crash.POWER);
        keyed.assertRecovered(true);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void batchesKeepTheirCodec(Codec codec) throws IOException {
        for (int round = 0; round < 30; round++) {
            keyed.append(
                    codec,
                    new Draft("a", "x".repeat(100) + round),
                    new Draft("k" + round, "y".repeat(100)),
                    new Draft("b", "z".repeat(100) + round));
        }
        keyed.force();
        keyed.compact(0);
        keyed.assertInOrder();
        List<RecordBatch> headers = TestBatches.headers(keyed.log);
        assertThat(headers.stream().filter(header -> header.count() == 1)).isNotEmpty();
        assertThat(headers).allSatisfy(header -> {
            assertThat(header.isCrcValid()).isTrue();
            if (header.count() > 1) {
                assertThat(header.codec()).isEqualTo(codec);
            }
        });
    }

    @Test
    void tombstonesStayForAWhileAndThenGo() throws IOException {
        fill(20, 5);
        keyed.delete("k1");
        fill(20, 1);
        keyed.compact(5_000);
        assertThat(keyed.read(0, 1000)).contains(keyed.model.get(20));
        assertThat(keyed.read(0, 1000))
                .filteredOn(entry -> entry.key().equals("k1"))
                .hasSize(1);
        fill(20, 1);
        keyed.compact(5_000 + KeyedLog.DELETE_RETENTION - 1);
        assertThat(keyed.read(0, 1000)).contains(keyed.model.get(20));
        fill(20, 1);
        keyed.compact(5_000 + KeyedLog.DELETE_RETENTION);
        assertThat(keyed.read(0, 1000)).noneMatch(entry -> entry.key().equals("k1"));
        keyed.assertInOrder();
    }

    @Test
    void aTombstoneNeverGoesInTheCompactionThatMeetsItFirst() throws IOException {
        fill(20, 2);
        keyed.delete("k1");
        fill(20, 1);
        Compactor compactor = new Compactor(1 << 20, 1 << 16, new IoThrottle(IoThrottle.UNLIMITED));
        CompactionLimits atOnce = new CompactionLimits(0, 0, Long.MAX_VALUE, 0);
        keyed.log.compaction().compact(compactor, atOnce, 5_000, Long.MAX_VALUE, () -> false);
        assertThat(keyed.read(0, 1000)).contains(keyed.model.get(20));
    }

    @Test
    void theActiveSegmentAndWhatIsNotForcedOrNotReplicatedAreLeftAlone() throws IOException {
        IntStream.range(0, 20).forEach(i -> put("k", "value " + i));
        assertThat(keyed.compact(0)).isEqualTo(CompactionReport.NOTHING);
        keyed.force();
        Compactor compactor = new Compactor(1 << 20, 1 << 16, new IoThrottle(IoThrottle.UNLIMITED));
        keyed.log.compaction().compact(compactor, KeyedLog.LIMITS, 0, 10, () -> false);
        assertThat(keyed.log.compaction().firstDirtyOffset()).isBetween(5L, 10L);
        keyed.compact(0);
        List<Entry> found = keyed.read(0, 1000);
        assertThat(found).hasSizeGreaterThan(1).endsWith(keyed.model.getLast());
        keyed.assertInOrder();
    }

    @Test
    void theLastBatchOfTheLogStaysThoughNothingIsInIt() throws IOException {
        fill(10, 2);
        keyed.delete("k0");
        keyed.delete("k1");
        keyed.force();
        roll();
        keyed.compact(0);
        keyed.put("z", "1");
        keyed.force();
        roll();
        keyed.compact(KeyedLog.DELETE_RETENTION);
        assertThat(keyed.read(0, 1000)).containsExactly(keyed.model.getLast());
        assertThat(keyed.log.logEndOffset()).isEqualTo(13);
        reopen(Crash.POWER);
        assertThat(keyed.log.logEndOffset()).isEqualTo(13);
        keyed.assertRecovered(true);
    }

    @Test
    void recordsWithoutAKeyStay() throws IOException {
        for (int i = 0; i < 20; i++) {
            keyed.log.append(TestBatches.batch("no key " + i), 1, 0);
        }
        keyed.log.force();
        keyed.compact(0);
        assertThat(TestBatches.values(keyed.log)).hasSize(20);
    }

    @Test
    void manyKeysInLittleMemoryTakeSeveralPasses() throws IOException {
        fill(200, 60);
        CompactionReport report = keyed.compact(20 * 20, 100, 0, () -> false);
        assertThat(report.passes()).isGreaterThan(3);
        long clean = keyed.log.compaction().firstDirtyOffset();
        keyed.assertInOrder();
        assertThat(keyed.read(0, 1000).stream().filter(entry -> entry.offset() < clean))
                .hasSizeLessThanOrEqualTo(60);
        reopen(Crash.PROCESS);
        keyed.assertRecovered(false);
    }

    @Test
    void whatIsCleanIsKnownAfterACrashAndGenerationsTellChanges() throws IOException {
        assertThat(keyed.log.compaction().generation()).isZero();
        fill(40, 5);
        keyed.compact(0);
        long clean = keyed.log.compaction().firstDirtyOffset();
        long generation = keyed.log.compaction().generation();
        assertThat(generation).isPositive();
        keyed.compact(0);
        assertThat(keyed.log.compaction().generation()).isEqualTo(generation);
        reopen(Crash.POWER);
        assertThat(keyed.log.compaction().firstDirtyOffset()).isEqualTo(clean);
        assertThat(keyed.log.compaction().generation()).isEqualTo(generation);
        fill(40, 5);
        keyed.compact(0);
        assertThat(keyed.log.compaction().generation()).isGreaterThan(generation);
    }

    @Test
    void aCheckpointAheadOfTheLogIsTakenBackForGood() throws IOException {
        fill(10, 2);
        new CompactionNote(1_000_000, 10, 5).write(new SegmentFolder(disk, FOLDER));
        reopen(Crash.PROCESS);
        assertThat(keyed.log.compaction().firstDirtyOffset()).isEqualTo(10);
        fill(20, 2);
        reopen(Crash.POWER);
        assertThat(keyed.log.compaction().firstDirtyOffset()).isEqualTo(10);
        assertThat(keyed.log.compaction().generation()).isEqualTo(5);
    }

    @Test
    void aDamagedCheckpointCostsTimeAndNothingElse() throws IOException {
        fill(40, 5);
        keyed.compact(0);
        long generation = keyed.log.compaction().generation();
        try (DiskFile file = disk.open(FOLDER.resolve("compaction"))) {
            file.write(ByteBuffer.wrap(new byte[] {'x'}), 12);
        }
        for (String name : disk.list(FOLDER)) {
            if (name.endsWith("index")) {
                disk.delete(FOLDER.resolve(name));
            }
        }
        reopen(Crash.PROCESS);
        keyed.assertRecovered(false);
        assertThat(keyed.log.compaction().firstDirtyOffset()).isZero();
        assertThat(keyed.log.compaction().generation()).isNotEqualTo(generation);
        fill(40, 5);
        keyed.compact(0);
        keyed.assertInOrder();
    }

    @Test
    void aSliceOfAReplacedSegmentIsReadOnUntilItIsPurged() throws IOException {
        fill(40, 5);
        LogSlice slice = keyed.log.read(0, 200, 40);
        List<Entry> before = new ArrayList<>();
        KeyedLog.decode(slice, 0, before);
        keyed.compact(0);
        keyed.log.upkeep().purge(10, 100);
        List<Entry> after = new ArrayList<>();
        KeyedLog.decode(slice, 0, after);
        assertThat(after).isEqualTo(before);
        assertThat(keyed.log.upkeep().purge(200, 100)).isZero();
        assertThat(disk.list(FOLDER)).noneMatch(name -> name.endsWith(".deleted"));
        assertThatThrownBy(slice::readBytes).isInstanceOf(StaleSliceException.class);
        keyed.assertInOrder();
    }

    @Test
    void whatNobodyIsReadingAnyMoreIsGoneAtTheNextOpening() throws IOException {
        fill(40, 5);
        keyed.compact(0);
        assertThat(disk.list(FOLDER)).anyMatch(name -> name.endsWith(".deleted"));
        reopen(Crash.PROCESS);
        assertThat(disk.list(FOLDER)).noneMatch(name -> name.endsWith(".deleted"));
        keyed.assertRecovered(false);
    }

    @Test
    void aDamagedBatchStopsItAndNothingIsLost() throws IOException {
        fill(40, 5);
        keyed.directory.close();
        List<String> segments =
                disk.list(FOLDER).stream().filter(name -> name.endsWith(".log")).toList();
        try (DiskFile file = disk.open(FOLDER.resolve(segments.get(1)))) {
            file.write(ByteBuffer.wrap(new byte[] {7}), 75);
        }
        keyed.open();
        assertThatThrownBy(() -> keyed.compact(0))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining(segments.get(1))
                .hasMessageContaining("CRC-32C");
        assertThat(disk.list(FOLDER)).noneMatch(name -> name.endsWith(".cleaned"));
        List<Entry> first = new ArrayList<>();
        KeyedLog.decode(keyed.log.read(0, 100, 40), 0, first);
        assertThat(first).containsExactly(keyed.model.getFirst());
    }

    @Test
    void whatIsLeftIsNoDamageToWhoeverLooksForThat() throws IOException {
        fill(60, 5);
        keyed.delete("k1");
        fill(20, 5);
        keyed.compact(0);
        keyed.assertUndamaged();
        fill(60, 3);
        keyed.compact(KeyedLog.DELETE_RETENTION);
        keyed.assertUndamaged();
        reopen(Crash.POWER);
        keyed.assertUndamaged();
    }

    @Test
    void aFullDiskEndsItUntilThereIsRoom() throws IOException {
        fill(40, 20);
        disk.limit(disk.usedBytes() + 50);
        assertThatThrownBy(() -> keyed.compact(0)).isInstanceOf(DiskFullException.class);
        disk.limit(Long.MAX_VALUE);
        keyed.assertInOrder();
        assertThat(keyed.compact(0).complete()).isTrue();
        keyed.assertInOrder();
    }

    @Test
    void aForceThatFailsReplacesNothing() throws IOException {
        fill(40, 5);
        disk.fail(Operation.FORCE, 1);
        assertThatThrownBy(() -> keyed.compact(0)).hasMessageContaining("injected");
        assertThat(keyed.read(0, 1000)).isEqualTo(keyed.model);
        assertThat(keyed.log.state()).isInstanceOf(LogState.Writable.class);
    }

    @Test
    void aSwapThatFailsHalfwayIsFinishedWhenTheLogIsOpened() throws IOException {
        for (int nth = 1; nth <= 6; nth++) {
            FaultyDisk other = new FaultyDisk(nth);
            KeyedLog log = new KeyedLog(other, CONFIG);
            for (int i = 0; i < 40; i++) {
                log.put("k" + i % 5, "value " + i);
            }
            log.force();
            // The first renaming is that of the note.
            other.fail(Operation.RENAME, nth);
            try {
                log.compact(0);
            } catch (IOException _) {
                // As it was told to.
            }
            log.assertInOrder();
            log.put("k0", "more");
            log.force();
            log.assertInOrder();
            other.crash(Crash.POWER);
            log.open();
            log.assertRecovered(true);
            log.compact(0);
            log.assertInOrder();
        }
    }

    @Test
    void itEndsWhenItIsAskedTo() throws IOException {
        fill(40, 5);
        assertThatThrownBy(() -> keyed.compact(1 << 20, 100, 0, () -> true))
                .isInstanceOf(CompactionStoppedException.class);
        assertThat(keyed.read(0, 1000)).isEqualTo(keyed.model);
        AtomicInteger looks = new AtomicInteger();
        assertThatThrownBy(() -> keyed.compact(1 << 20, 100, 0, () -> looks.incrementAndGet() > 40))
                .isInstanceOf(CompactionStoppedException.class);
        keyed.assertInOrder();
        keyed.compact(0);
        keyed.assertInOrder();
    }

    @Test
    void closingTheLogEndsIt() throws Exception {
        fill(40, 5);
        FutureTask<Void> closing = new FutureTask<>(() -> {
            keyed.directory.close();
            return null;
        });
        AtomicInteger looks = new AtomicInteger();
        assertThatThrownBy(() -> keyed.compact(1 << 20, 100, 0, () -> {
                    if (looks.incrementAndGet() == 20) {
                        Thread.ofVirtual().start(closing);
                        await().until(() -> keyed.log.state() instanceof LogState.Closed);
                    }
                    return false;
                }))
                .isInstanceOf(CompactionStoppedException.class);
        closing.get();
        assertThat(disk.list(FOLDER)).noneMatch(name -> name.endsWith(".cleaned"));
        keyed.open();
        keyed.assertRecovered(false);
    }

    @Test
    void aProducersLastBatchesAreKnownWhateverBecomesOfTheirRecords() throws IOException {
        for (int sequence = 0; sequence < 12; sequence++) {
            append(7, sequence);
        }
        fill(30, 1);
        keyed.compact(0);
        assertThat(TestBatches.headers(keyed.log))
                .filteredOn(header -> header.producerId() == 7)
                .hasSizeLessThan(12)
                .extracting(RecordBatch::baseSequence)
                .contains(7, 8, 9, 10, 11);
        for (String name : disk.list(FOLDER)) {
            if (name.endsWith(".snapshot")) {
                disk.delete(FOLDER.resolve(name));
            }
        }
        reopen(Crash.PROCESS);
        LogAppend again = keyed.log.append(producerBatch(7, 8), 1, 0);
        assertThat(again.isDuplicate()).isTrue();
        assertThat(again.baseOffset()).isEqualTo(8);
        assertThat(append(7, 12).isDuplicate()).isFalse();
    }

    @Test
    void snapshotsFromBeforeStillCount() throws IOException {
        for (int sequence = 0; sequence < 12; sequence++) {
            append(7, sequence);
            keyed.log.force();
        }
        fill(30, 1);
        keyed.compact(0);
        keyed.directory.close();
        keyed.open();
        assertThat(append(7, 12).isDuplicate()).isFalse();
        reopen(Crash.POWER);
        LogAppend again = keyed.log.append(producerBatch(7, 11), 1, 0);
        assertThat(again.isDuplicate()).isTrue();
        assertThat(again.baseOffset()).isEqualTo(11);
    }

    @Test
    void leaderEpochsBeginWhereTheyDid() throws IOException {
        for (int epoch = 1; epoch <= 6; epoch++) {
            for (int i = 0; i < 7; i++) {
                keyed.log.append(KeyedLog.encode(Codec.NONE, List.of(new Entry(0, 1000, "k", "value " + i))), epoch, 0);
            }
        }
        keyed.log.force();
        keyed.compact(0);
        for (String name : disk.list(FOLDER)) {
            if (name.endsWith(".snapshot")) {
                disk.delete(FOLDER.resolve(name));
            }
        }
        reopen(Crash.PROCESS);
        for (int epoch = 1; epoch < 6; epoch++) {
            assertThat(keyed.log.endOffsetFor(epoch).endOffset()).isEqualTo(epoch * 7L);
        }
    }

    @Test
    void whenItIsWorthItFollowsFromWhatIsDirty() throws IOException {
        assertThat(need(0.5, 0, Long.MAX_VALUE, 0)).isEqualTo(new CompactionNeed(0, 0, false));
        fill(40, 5);
        CompactionNeed first = need(0.5, 0, Long.MAX_VALUE, 0);
        assertThat(first.dirtyRatio()).isEqualTo(1);
        assertThat(first.isDue()).isTrue();
        keyed.compact(0);
        fill(6, 5);
        CompactionNeed second = need(0.9, 0, Long.MAX_VALUE, 0);
        assertThat(second.dirtyRatio()).isStrictlyBetween(0.0, 0.9);
        assertThat(second.isDue()).isFalse();
        assertThat(need(0.9, 0, 100, 99).isDue()).isFalse();
        assertThat(need(0.9, 0, 100, 101).isDue()).isTrue();
        // The first appends were at 0 on the log's clock, whatever the records say.
        assertThat(need(0, 200, Long.MAX_VALUE, 199).dirtyBytes()).isZero();
        assertThat(need(0, 200, Long.MAX_VALUE, 200).dirtyBytes()).isPositive();
    }

    @Test
    void aLogOfOneHugeSpanOfOffsetsIsJoinedOnlyAsFarAsPositionsReach() throws IOException {
        fill(40, 40);
        assertThat(keyed.compact(0).complete()).isTrue();
        // Every record is the latest of its key: nothing is written.
        assertThat(keyed.log.compaction().generation()).isZero();
        assertThat(keyed.read(0, 1000)).isEqualTo(keyed.model);
    }

    private CompactionNeed need(double ratio, long minLag, long maxLag, long now) {
        return keyed.log.compaction().need(new CompactionLimits(ratio, minLag, maxLag, 0), now, Long.MAX_VALUE);
    }

    private LogAppend append(long producer, int sequence) throws IOException {
        LogAppend done = keyed.log.append(producerBatch(producer, sequence), 1, 0);
        if (!done.isDuplicate()) {
            keyed.model.add(new Entry(done.baseOffset(), 1000, "same", "value " + sequence));
        }
        return done;
    }

    private static ByteBuffer producerBatch(long producer, int sequence) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 20);
        builder.producer(producer, (short) 0, sequence);
        KeyedLog.fill(builder, List.of(new Entry(0, 1000, "same", "value " + sequence)));
        return builder.build(Codec.NONE);
    }

    private void put(String key, String value) {
        try {
            keyed.put(key, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill(int records, int keys) throws IOException {
        for (int i = 0; i < records; i++) {
            keyed.put("k" + i % keys, "value " + keyed.model.size());
        }
        keyed.force();
    }

    /** Begins a new segment, which is empty, so that all there is can be compacted. */
    private void roll() throws IOException {
        keyed.log.reconfigure(new LogConfig(500, 1, 100));
        keyed.log.rollIfDue(RetentionLimits.NONE, 10);
        keyed.log.reconfigure(CONFIG);
        keyed.force();
    }

    private void reopen(Crash how) throws IOException {
        disk.crash(how);
        keyed.open();
    }
}
