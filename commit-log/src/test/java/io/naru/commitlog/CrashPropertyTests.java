package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever happens at whatever step: what was forced is there after it, once, in order, nothing was invented, and what
 * was deleted stays so.
 */
class CrashPropertyTests {
    private static final LogConfig CONFIG = new LogConfig(2000, Long.MAX_VALUE, 150);
    private static final Path ROOT = Path.of("/data");

    sealed interface Action {
        record Append(int records, int valueBytes, Codec codec) implements Action {}

        record Force() implements Action {}

        record Checkpoint() implements Action {}
        /** Deletes the records before a place between the log's start and its end, in hundredths of what is there. */
        record DeleteBefore(int hundredths) implements Action {}

        record Purge(int delayMillis) implements Action {}

        record Reopen() implements Action {}

        record CrashNow(Crash how) implements Action {}

        record CrashLater(int nth, Crash how) implements Action {}

        record Fail(Operation operation, int nth) implements Action {}

        record Fill(int roomLeft) implements Action {}

        record MakeRoom() implements Action {}
    }

    @Property(tries = 1000)
    void forcedRecordsSurviveCrashes(@ForAll("crashes") List<Action> history, @ForAll long seed) throws IOException {
        run(history, seed);
    }

    @Property(tries = 1000)
    void forcedRecordsSurviveCrashesOnAFailingDisk(@ForAll("faults") List<Action> history, @ForAll long seed)
            throws IOException {
        run(history, seed);
    }

    private static void run(List<Action> history, long seed) throws IOException {
        Run run = new Run(seed);
        for (Action action : history) {
            run.perform(action);
        }
        run.perform(new Action.MakeRoom());
        run.perform(new Action.CrashNow(Crash.POWER));
        run.perform(new Action.Append(3, 20, Codec.NONE));
        run.perform(new Action.CrashNow(Crash.POWER));
    }

    @Provide
    Arbitrary<List<Action>> crashes() {
        return Arbitraries.frequencyOf(
                        Tuple.of(10, appends()),
                        Tuple.of(4, Arbitraries.just(new Action.Force())),
                        Tuple.of(2, Arbitraries.just(new Action.Checkpoint())),
                        Tuple.of(2, deletions()),
                        Tuple.of(1, Arbitraries.of(0, 10).map(Action.Purge::new)),
                        Tuple.of(1, Arbitraries.just(new Action.Reopen())),
                        Tuple.of(1, Arbitraries.of(Crash.class).map(Action.CrashNow::new)),
                        Tuple.of(2, crashesLater()))
                .list()
                .ofMaxSize(40);
    }

    @Provide
    Arbitrary<List<Action>> faults() {
        return Arbitraries.frequencyOf(
                        Tuple.of(12, appends()),
                        Tuple.of(4, Arbitraries.just(new Action.Force())),
                        Tuple.of(3, Arbitraries.just(new Action.Checkpoint())),
                        Tuple.of(2, deletions()),
                        Tuple.of(1, Arbitraries.of(0, 10).map(Action.Purge::new)),
                        Tuple.of(2, Arbitraries.just(new Action.Reopen())),
                        Tuple.of(2, Arbitraries.of(Crash.class).map(Action.CrashNow::new)),
                        Tuple.of(2, crashesLater()),
                        Tuple.of(4, failures()),
                        Tuple.of(1, Arbitraries.integers().between(0, 3000).map(Action.Fill::new)),
                        Tuple.of(2, Arbitraries.just(new Action.MakeRoom())))
                .list()
                .ofMaxSize(40);
    }

    private static Arbitrary<Action> appends() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(0, 400),
                        Arbitraries.of(Codec.class))
                .as(Action.Append::new);
    }

    private static Arbitrary<Action> deletions() {
        return Arbitraries.integers().between(0, 100).map(Action.DeleteBefore::new);
    }

    private static Arbitrary<Action> crashesLater() {
        return Combinators.combine(Arbitraries.integers().between(1, 40), Arbitraries.of(Crash.class))
                .as(Action.CrashLater::new);
    }

    private static Arbitrary<Action> failures() {
        return Combinators.combine(
                        Arbitraries.of(Operation.class), Arbitraries.integers().between(1, 5))
                .as(Action.Fail::new);
    }

    /** The log under test beside the simplest model of one: a list, and how far it was forced. */
    private static final class Run {
        private final Random random;
        private final FaultyDisk disk;
        private final List<TestBatches.Text> expected = new ArrayList<>();
        private final List<TestBatches.Text> inFlight = new ArrayList<>();
        private long forced;
        private long start;
        /** Where a deletion that failed should have let the log start; it may have come through, or in part. */
        private long wantedStart;

        private LogDirectory directory;
        private CommitLog log;
        /** How the disk will crash, or has. */
        private Crash crash = Crash.PROCESS;
        /** Whether the disk failed in other ways than by crashing, so that indexes may be missing. */
        private boolean disturbed;
        /** Whether a failed force was forgotten, so that what the page cache shows may not be on the disk. */
        private boolean outOfScope;

        Run(long seed) throws IOException {
            random = new Random(seed);
            disk = new FaultyDisk(seed);
            directory = LogDirectory.open(disk, ROOT);
            log = directory.openLog("orders/0", CONFIG);
        }

        void perform(Action action) throws IOException {
            if (outOfScope) {
                return;
            }
            try {
                switch (action) {
                    case Action.Append append -> append(append);
                    case Action.Force() -> forced = log.force();
                    case Action.Checkpoint() -> directory.checkpoint();
                    case Action.DeleteBefore(int hundredths) -> deleteBefore(hundredths);
                    case Action.Purge(int delayMillis) -> log.upkeep().purge(5, delayMillis);
                    case Action.Reopen() -> reopen();
                    case Action.CrashNow(Crash how) -> {
                        crash = disk.hasCrashed() ? crash : how;
                        disk.crash(how);
                        recover();
                    }
                    case Action.CrashLater(int nth, Crash how) -> {
                        crash = how;
                        disk.crashAt(nth, how);
                    }
                    case Action.Fail(Operation operation, int nth) -> {
                        disturbed = true;
                        disk.fail(operation, nth);
                    }
                    case Action.Fill(int roomLeft) -> {
                        disturbed = true;
                        disk.limit(disk.usedBytes() + roomLeft);
                    }
                    case Action.MakeRoom() -> disk.limit(Long.MAX_VALUE);
                }
            } catch (IOException e) {
                if (disk.hasCrashed()) {
                    disk.restart();
                    recover();
                }
                // Else the disk failed as it was told to, and the log goes on as it can.
            }
        }

        private void append(Action.Append append) throws IOException {
            List<String> values = new ArrayList<>();
            List<Long> timestamps = new ArrayList<>();
            List<TestBatches.Text> batch = new ArrayList<>();
            for (int i = 0; i < append.records(); i++) {
                long offset = expected.size() + i;
                values.add(offset + ":" + random.nextInt() + "x".repeat(append.valueBytes()));
                timestamps.add(1000 + offset * 10 - random.nextInt(50));
                batch.add(new TestBatches.Text(offset, timestamps.getLast(), values.getLast()));
            }
            LogState before = log.state();
            try {
                LogAppend done = log.append(TestBatches.batch(append.codec(), values, timestamps), 1, 0);
                assertThat(done.baseOffset()).isEqualTo(expected.size());
                expected.addAll(batch);
            } catch (IOException e) {
                // A write that was not undone may have come through as a whole.
                if (before instanceof LogState.Writable && !(log.state() instanceof LogState.Writable)) {
                    inFlight.addAll(batch);
                }
                throw e;
            }
        }

        private void deleteBefore(int hundredths) throws IOException {
            long offset = start + (expected.size() - start) * hundredths / 100;
            wantedStart = Math.max(wantedStart, offset);
            start = log.upkeep().deleteBefore(offset, 0);
            assertThat(start).isBetween(offset, wantedStart);
            forced = Math.max(forced, log.forcedEndOffset());
        }

        private void reopen() throws IOException {
            try {
                directory.close();
            } finally {
                if (!disk.hasCrashed()) {
                    boolean lostPower = open();
                    assertMatches(lostPower);
                    if (!lostPower && !disturbed) {
                        assertThat(directory.startedClean()).isTrue();
                        assertThat(log.recovery()).isEqualTo(RecoveryReport.CLEAN);
                    }
                }
            }
        }

        private void recover() throws IOException {
            boolean lostPower = crash == Crash.POWER;
            if (random.nextInt(4) == 0) {
                disk.crashAt(1 + random.nextInt(12), crash);
            }
            lostPower |= open();
            disk.crashAt(Integer.MAX_VALUE, crash);
            assertMatches(lostPower);
        }

        /** Opens until nothing stands in the way any more; answers whether power was lost meanwhile. */
        private boolean open() throws IOException {
            boolean lostPower = false;
            // Closed with something unforced left: fenced by the last force, the one of closing.
            boolean fenced = log.state() instanceof LogState.Fenced
                    || (log.state() instanceof LogState.Closed && log.forcedEndOffset() < log.logEndOffset());
            for (int attempt = 0; ; attempt++) {
                try {
                    directory = LogDirectory.open(disk, ROOT);
                    directory.recoverAll(1);
                    log = directory.openLog("orders/0", CONFIG);
                    if (log.state() instanceof LogState.Damaged(String reason)) {
                        // Nothing was damaged but by the disk that failed: nobody else has to decide anything.
                        assertThat(reason)
                                .startsWith("The disk failed under this log before")
                                .doesNotContain("Besides");
                        log.acceptDamage();
                    } else if (fenced && disturbed) {
                        // The failing disk did not take the note of it: see docs/log-format.md.
                        outOfScope = true;
                    }
                    if (disk.hasCrashed()) {
                        throw new IOException("Crashed where the log does not mind, as in writing an index");
                    }
                    return lostPower;
                } catch (IOException e) {
                    disturbed = true;
                    if (disk.hasCrashed()) {
                        lostPower |= crash == Crash.POWER;
                        disk.restart();
                    } else {
                        assertThat(attempt).isLessThan(30);
                        disk.crash(Crash.PROCESS);
                        disk.limit(Long.MAX_VALUE);
                    }
                }
            }
        }

        private void assertMatches(boolean lostPower) throws IOException {
            assertThat(log.state()).isInstanceOf(LogState.Writable.class);
            assertThat(log.logStartOffset()).isBetween(start, wantedStart);
            start = log.logStartOffset();
            wantedStart = start;
            long end = log.logEndOffset();
            assertThat(end).isGreaterThanOrEqualTo(lostPower ? forced : expected.size());
            expected.addAll(inFlight);
            inFlight.clear();
            assertThat(end).isLessThanOrEqualTo(expected.size());
            expected.subList((int) end, expected.size()).clear();
            forced = end;
            check();
        }

        private void check() throws IOException {
            assertThat(log.forcedEndOffset()).isEqualTo(log.logEndOffset());
            int first = (int) start;
            assertThat(TestBatches.read(log, start, 1 + random.nextInt(3000)))
                    .isEqualTo(expected.subList(first, expected.size()));
            if (expected.size() > first) {
                int from = first + random.nextInt(expected.size() - first);
                assertThat(TestBatches.read(log, from, 500)).isEqualTo(expected.subList(from, expected.size()));
                long time = 900 + random.nextInt(expected.size() * 10 + 200);
                assertThat(log.offsetForTime(time).map(TimestampedOffset::offset))
                        .isEqualTo(expected.subList(first, expected.size()).stream()
                                .filter(text -> text.timestamp() >= time)
                                .map(TestBatches.Text::offset)
                                .findFirst());
            }
        }
    }
}
