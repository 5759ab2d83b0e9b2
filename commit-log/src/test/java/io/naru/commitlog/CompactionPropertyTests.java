package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.KeyedLog.Draft;
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

/** Whatever is appended, compacted, deleted, lost and opened again: the latest record of every key is there. */
class CompactionPropertyTests {
    private static final LogConfig CONFIG = new LogConfig(900, Long.MAX_VALUE, 150);

    sealed interface Action {
        record Append(int records, int keys, Codec codec) implements Action {}

        record Force() implements Action {}

        /** Lets time pass, and compacts with memory for so many keys, at least 14. */
        record Compact(int millisLater, int places, int bufferBytes) implements Action {}

        record DeleteBefore(int hundredths) implements Action {}

        record Purge() implements Action {}

        record Checkpoint() implements Action {}

        record LoseSnapshots() implements Action {}

        record Reopen() implements Action {}

        record CrashNow(Crash how) implements Action {}

        record CrashLater(int nth, Crash how) implements Action {}

        record Fail(Operation operation, int nth) implements Action {}
    }

    @Property(tries = 500)
    void everyKeysLatestRecordSurvives(@ForAll("histories") List<Action> history, @ForAll long seed)
            throws IOException {
        Run run = new Run(seed);
        for (Action action : history) {
            run.perform(action);
        }
        run.perform(new Action.CrashNow(Crash.POWER));
        run.perform(new Action.Compact(5_000, 100, 1000));
        run.perform(new Action.CrashNow(Crash.POWER));
    }

    @Property(tries = 300)
    void withoutCrashesOnlyTheLatestStays(@ForAll("quiet") List<Action> history, @ForAll long seed) throws IOException {
        Run run = new Run(seed);
        for (Action action : history) {
            run.perform(action);
        }
        run.keyed.force();
        run.perform(new Action.Compact(10, 1000, 1000));
        long clean = run.keyed.log.compaction().firstDirtyOffset();
        List<KeyedLog.Entry> found = run.keyed.read(run.keyed.start, 500).stream()
                .filter(entry -> entry.offset() < clean)
                .toList();
        assertThat(found).hasSameSizeAs(KeyedLog.latest(found).keySet());
    }

    @Provide
    Arbitrary<List<Action>> histories() {
        return Arbitraries.frequencyOf(
                        Tuple.of(12, appends()),
                        Tuple.of(5, Arbitraries.just(new Action.Force())),
                        Tuple.of(6, compactions()),
                        Tuple.of(1, Arbitraries.integers().between(0, 100).map(Action.DeleteBefore::new)),
                        Tuple.of(1, Arbitraries.just(new Action.Purge())),
                        Tuple.of(1, Arbitraries.just(new Action.Checkpoint())),
                        Tuple.of(1, Arbitraries.just(new Action.LoseSnapshots())),
                        Tuple.of(1, Arbitraries.just(new Action.Reopen())),
                        Tuple.of(1, Arbitraries.of(Crash.class).map(Action.CrashNow::new)),
                        Tuple.of(3, crashesLater()),
                        Tuple.of(2, failures()))
                .list()
                .ofMaxSize(40);
    }

    @Provide
    Arbitrary<List<Action>> quiet() {
        return Arbitraries.frequencyOf(
                        Tuple.of(12, appends()),
                        Tuple.of(5, Arbitraries.just(new Action.Force())),
                        Tuple.of(6, compactions()),
                        Tuple.of(1, Arbitraries.just(new Action.Purge())),
                        Tuple.of(1, Arbitraries.just(new Action.Reopen())))
                .list()
                .ofMaxSize(30);
    }

    private static Arbitrary<Action> appends() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.integers().between(1, 40),
                        Arbitraries.of(Codec.class))
                .as(Action.Append::new);
    }

    private static Arbitrary<Action> compactions() {
        return Combinators.combine(
                        Arbitraries.of(0, 10, (int) KeyedLog.DELETE_RETENTION),
                        Arbitraries.integers().between(14, 60),
                        Arbitraries.of(64, 300, 4000))
                .as(Action.Compact::new);
    }

    private static Arbitrary<Action> crashesLater() {
        return Combinators.combine(Arbitraries.integers().between(1, 60), Arbitraries.of(Crash.class))
                .as(Action.CrashLater::new);
    }

    private static Arbitrary<Action> failures() {
        // Forces of the log itself fence it, which others test.
        return Combinators.combine(
                        Arbitraries.of(Operation.CREATE, Operation.RENAME, Operation.DELETE, Operation.READ),
                        Arbitraries.integers().between(1, 8))
                .as(Action.Fail::new);
    }

    private static final class Run {
        private final Random random;
        private final FaultyDisk disk;
        private final KeyedLog keyed;
        private long now = 1000;
        private Crash crash = Crash.PROCESS;

        Run(long seed) throws IOException {
            random = new Random(seed);
            disk = new FaultyDisk(seed);
            keyed = new KeyedLog(disk, CONFIG);
        }

        void perform(Action action) throws IOException {
            try {
                switch (action) {
                    case Action.Append append -> append(append);
                    case Action.Force() -> keyed.force();
                    case Action.Compact(int millisLater, int places, int bufferBytes) -> {
                        now += millisLater;
                        keyed.compact(places * 20, bufferBytes, now, () -> false);
                        keyed.assertInOrder();
                    }
                    case Action.DeleteBefore(int hundredths) ->
                        keyed.deleteBefore(keyed.start + (keyed.model.size() - keyed.start) * hundredths / 100);
                    case Action.Purge() -> keyed.log.upkeep().purge(now + 1, 0);
                    case Action.Checkpoint() -> keyed.directory.checkpoint();
                    case Action.LoseSnapshots() -> loseSnapshots();
                    case Action.Reopen() -> {
                        keyed.directory.close();
                        keyed.open();
                        keyed.assertRecovered(false);
                    }
                    case Action.CrashNow(Crash how) -> {
                        crash = disk.hasCrashed() ? crash : how;
                        disk.crash(how);
                        recover();
                    }
                    case Action.CrashLater(int nth, Crash how) -> {
                        crash = how;
                        disk.crashAt(nth, how);
                    }
                    case Action.Fail(Operation operation, int nth) -> disk.fail(operation, nth);
                }
            } catch (IOException e) {
                disk.restart();
                recover();
            }
        }

        private void append(Action.Append append) throws IOException {
            List<Draft> drafts = new ArrayList<>();
            for (int i = 0; i < append.records(); i++) {
                String key = "key-" + random.nextInt(append.keys());
                drafts.add(new Draft(key, random.nextInt(4) == 0 ? null : "value " + random.nextInt()));
            }
            keyed.append(append.codec(), drafts);
        }

        private void loseSnapshots() throws IOException {
            Path folder = KeyedLog.ROOT.resolve("logs/orders/0");
            for (String name : disk.list(folder)) {
                if (name.endsWith(".snapshot")) {
                    disk.delete(folder.resolve(name));
                }
            }
        }

        private void recover() throws IOException {
            if (random.nextInt(3) == 0) {
                disk.crashAt(1 + random.nextInt(15), crash);
            }
            while (true) {
                try {
                    keyed.open();
                    if (!disk.hasCrashed()) {
                        break;
                    }
                } catch (IOException e) {
                    assertThat(disk.hasCrashed()).as("the reason for " + e).isTrue();
                }
                disk.restart();
            }
            disk.crashAt(Integer.MAX_VALUE, crash);
            keyed.assertRecovered(crash == Crash.POWER);
        }
    }
}
