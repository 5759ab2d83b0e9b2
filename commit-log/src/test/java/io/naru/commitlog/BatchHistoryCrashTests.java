package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.batch.RecordBatch;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.epoch.EpochHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** Whatever happens at whatever step: what a log says of its batches is what its batches say. */
class BatchHistoryCrashTests {
    private static final LogConfig CONFIG = new LogConfig(700, Long.MAX_VALUE, 150);
    private static final Path ROOT = Path.of("/data");

    sealed interface Action {
        record Append(int batches) implements Action {}

        record NewLeader(int epochs) implements Action {}

        record Force() implements Action {}

        record Reopen() implements Action {}

        record CrashNow(Crash how) implements Action {}

        record CrashLater(int nth, Crash how) implements Action {}

        record Fail(Operation operation, int nth) implements Action {}
    }

    @Property(tries = 2000)
    void theHistoryIsWhatTheBatchesSay(@ForAll("histories") List<Action> history, @ForAll long seed)
            throws IOException {
        Run run = new Run(seed);
        for (Action action : history) {
            run.perform(action);
        }
        run.perform(new Action.CrashNow(Crash.POWER));
    }

    @Test
    void aCrashAtAnyStepOfRollingForcingAndClosingLeavesTheHistoryRight() throws IOException {
        for (Crash how : Crash.values()) {
            int step = 1;
            for (boolean crashed = true; crashed; step++) {
                Run run = new Run(step);
                run.perform(new Action.Append(10));
                run.perform(new Action.Force());
                run.disk.crashAt(step, how);
                run.perform(new Action.NewLeader(2));
                run.perform(new Action.Append(10));
                run.perform(new Action.Force());
                run.perform(new Action.Reopen());
                crashed = run.crashes > 0;
            }
            // Else nothing has been tried.
            assertThat(step).isGreaterThan(30);
        }
    }

    @Provide
    Arbitrary<List<Action>> histories() {
        return Arbitraries.frequencyOf(
                        Tuple.of(10, Arbitraries.integers().between(1, 6).map(Action.Append::new)),
                        Tuple.of(4, Arbitraries.integers().between(1, 3).map(Action.NewLeader::new)),
                        Tuple.of(4, Arbitraries.just(new Action.Force())),
                        Tuple.of(2, Arbitraries.just(new Action.Reopen())),
                        Tuple.of(1, Arbitraries.of(Crash.class).map(Action.CrashNow::new)),
                        Tuple.of(2, crashesLater()),
                        Tuple.of(1, failures()))
                .list()
                .ofMaxSize(50);
    }

    private static Arbitrary<Action> crashesLater() {
        return Combinators.combine(Arbitraries.integers().between(1, 40), Arbitraries.of(Crash.class))
                .as(Action.CrashLater::new);
    }

    private static Arbitrary<Action> failures() {
        return Combinators.combine(
                        Arbitraries.of(Operation.CREATE, Operation.READ, Operation.RENAME, Operation.DELETE),
                        Arbitraries.integers().between(1, 5))
                .as(Action.Fail::new);
    }

    private static final class Run {
        private final FaultyDisk disk;
        private LogDirectory directory;
        private CommitLog log;
        private int epoch;
        private int crashes;

        Run(long seed) throws IOException {
            disk = new FaultyDisk(seed);
            open();
        }

        void perform(Action action) throws IOException {
            try {
                switch (action) {
                    case Action.Append(int batches) -> append(batches);
                    case Action.NewLeader(int epochs) -> epoch += epochs;
                    case Action.Force() -> log.force();
                    case Action.Reopen() -> {
                        directory.close();
                        open();
                    }
                    case Action.CrashNow(Crash how) -> {
                        disk.crash(how);
                        open();
                    }
                    case Action.CrashLater(int nth, Crash how) -> disk.crashAt(nth, how);
                    case Action.Fail(Operation operation, int nth) -> disk.fail(operation, nth);
                }
            } catch (IOException e) {
                recover();
            }
            if (disk.hasCrashed()) {
                return;
            }
            try {
                assertTellsWhatItsBatchesSay();
            } catch (IOException _) {
                // The read that was to fail was ours, or the index that is made for reading brought the crash.
                if (disk.hasCrashed()) {
                    recover();
                }
                assertTellsWhatItsBatchesSay();
            }
        }

        private void append(int batches) throws IOException {
            for (int i = 0; i < batches; i++) {
                log.append(TestBatches.batch("x"), epoch, 0);
            }
        }

        private void open() throws IOException {
            directory = LogDirectory.open(disk, ROOT);
            log = directory.openLog("orders/0", CONFIG);
        }

        private void recover() throws IOException {
            for (int attempt = 0; ; attempt++) {
                if (disk.hasCrashed()) {
                    crashes++;
                    disk.restart();
                } else {
                    disk.crash(Crash.PROCESS);
                }
                try {
                    open();
                } catch (IOException _) {
                    assertThat(attempt).isLessThan(20);
                    continue;
                }
                // Where the log does not mind, as in noting the run of the host, nobody says so.
                if (!disk.hasCrashed()) {
                    return;
                }
            }
        }

        private void assertTellsWhatItsBatchesSay() throws IOException {
            EpochHistory expected = EpochHistory.EMPTY;
            for (RecordBatch batch : TestBatches.headers(log)) {
                expected = expected.with(batch.leaderEpoch(), batch.baseOffset());
            }
            assertThat(log.latestEpoch()).isEqualTo(expected.latest());
            for (int asked = 0; asked <= epoch + 1; asked++) {
                assertThat(log.endOffsetFor(asked)).isEqualTo(expected.endOf(asked, log.logEndOffset()));
            }
        }
    }
}
