package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.batch.Codec;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
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

/** Whatever happens at whatever step: what was forced is there after it, once, in order, and nothing was invented. */
class CrashPropertyTests {
    private static final LogConfig CONFIG = new LogConfig(2000, Long.MAX_VALUE, 150);
    private static final Path ROOT = Path.of("/data");

    sealed interface Action {
        record Append(int records, int valueBytes, Codec codec) implements Action {}

        record Force() implements Action {}

        record Reopen() implements Action {}

        record CrashNow(Crash how) implements Action {}

        record CrashLater(int nth, Crash how) implements Action {}
    }

    @Property(tries = 1000)
    void forcedRecordsSurviveAnything(@ForAll("histories") List<Action> history, @ForAll long seed) throws IOException {
        Run run = new Run(seed);
        for (Action action : history) {
            run.perform(action);
        }
        run.perform(new Action.CrashNow(Crash.POWER));
        run.perform(new Action.Append(3, 20, Codec.NONE));
        run.perform(new Action.Reopen());
    }

    @Provide
    Arbitrary<List<Action>> histories() {
        Arbitrary<Crash> crashes = Arbitraries.of(Crash.class);
        return Arbitraries.<Action>frequencyOf(
                        Tuple.of(
                                10,
                                Combinators.combine(
                                                Arbitraries.integers().between(1, 5),
                                                Arbitraries.integers().between(0, 400),
                                                Arbitraries.of(Codec.NONE, Codec.ZSTD))
                                        .as(Action.Append::new)),
                        Tuple.of(4, Arbitraries.just(new Action.Force())),
                        Tuple.of(1, Arbitraries.just(new Action.Reopen())),
                        Tuple.of(1, crashes.map(Action.CrashNow::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(Arbitraries.integers().between(1, 40), crashes)
                                        .as(Action.CrashLater::new)))
                .list()
                .ofMaxSize(40);
    }

    /** The log under test beside the simplest model of one: a list, and how far it was forced. */
    private static final class Run {
        private final Random random;
        private final FaultyDisk disk;
        private final List<TestBatches.Text> expected = new ArrayList<>();
        private final List<TestBatches.Text> inFlight = new ArrayList<>();
        private long forced;
        private LogDirectory directory;
        private CommitLog log;
        private Crash crash = Crash.PROCESS;

        Run(long seed) throws IOException {
            random = new Random(seed);
            disk = new FaultyDisk(seed);
            directory = LogDirectory.open(disk, ROOT);
            log = directory.openLog("orders/0", CONFIG);
        }

        void perform(Action action) throws IOException {
            try {
                switch (action) {
                    case Action.Append append -> append(append);
                    case Action.Force() -> forced = log.force();
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
                }
            } catch (IOException e) {
                if (!disk.hasCrashed()) {
                    throw e;
                }
                disk.restart();
                recover();
            }
        }

        private void append(Action.Append append) throws IOException {
            List<String> values = new ArrayList<>();
            List<Long> timestamps = new ArrayList<>();
            for (int i = 0; i < append.records(); i++) {
                long offset = expected.size() + i;
                values.add(offset + ":" + random.nextInt() + "x".repeat(append.valueBytes()));
                timestamps.add(1000 + offset * 10 - random.nextInt(50));
                inFlight.add(new TestBatches.Text(offset, timestamps.getLast(), values.getLast()));
            }
            LogAppend done = log.append(TestBatches.batch(append.codec(), values, timestamps), 1, 0);
            assertThat(done.baseOffset()).isEqualTo(expected.size());
            expected.addAll(inFlight);
            inFlight.clear();
        }

        private void reopen() throws IOException {
            directory.close();
            // Closing has to force everything, or to leave no mark of a clean end.
            directory = LogDirectory.open(disk, ROOT);
            assertThat(directory.startedClean()).isTrue();
            log = directory.openLog("orders/0", CONFIG);
            assertThat(log.recovery().scannedBytes()).isZero();
            forced = expected.size();
            check();
        }

        private void recover() throws IOException {
            if (random.nextInt(4) == 0) {
                disk.crashAt(1 + random.nextInt(12), crash);
            }
            while (true) {
                try {
                    directory = LogDirectory.open(disk, ROOT);
                    log = directory.openLog("orders/0", CONFIG);
                    break;
                } catch (IOException e) {
                    if (!disk.hasCrashed()) {
                        throw e;
                    }
                    disk.restart();
                }
            }
            assertThat(log.state()).isInstanceOf(LogState.Writable.class);
            long end = log.logEndOffset();
            assertThat(end).isGreaterThanOrEqualTo(crash == Crash.PROCESS ? expected.size() : forced);
            expected.addAll(inFlight);
            inFlight.clear();
            assertThat(end).isLessThanOrEqualTo(expected.size());
            expected.subList((int) end, expected.size()).clear();
            forced = end;
            check();
        }

        private void check() throws IOException {
            assertThat(log.forcedEndOffset()).isEqualTo(log.logEndOffset());
            assertThat(TestBatches.read(log, 0, 1 + random.nextInt(3000))).isEqualTo(expected);
            if (!expected.isEmpty()) {
                int from = random.nextInt(expected.size());
                assertThat(TestBatches.read(log, from, 500)).isEqualTo(expected.subList(from, expected.size()));
                long time = 900 + random.nextInt(expected.size() * 10 + 200);
                assertThat(log.offsetForTime(time).map(TimestampedOffset::offset))
                        .isEqualTo(expected.stream()
                                .filter(text -> text.timestamp() >= time)
                                .map(TestBatches.Text::offset)
                                .findFirst());
            }
        }
    }
}
