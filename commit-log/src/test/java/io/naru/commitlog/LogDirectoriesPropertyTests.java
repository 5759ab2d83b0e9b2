package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.disk.SplitDisk;
import io.naru.commitlog.producer.ProducerLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Whatever becomes of the disks that hold several directories: what was forced is read again, or is known to be away, and
 * no log is ever begun a second time.
 */
class LogDirectoriesPropertyTests {
    private static final LogConfig CONFIG = new LogConfig(400, Long.MAX_VALUE, 100);
    private static final List<Path> PATHS = List.of(Path.of("/a"), Path.of("/b"), Path.of("/c"));
    private static final int LOGS = 6;

    sealed interface Action {
        record Append(int log) implements Action {}

        record FailForce(int disk) implements Action {}

        record Reopen() implements Action {}

        record CrashNow(Crash how) implements Action {}

        /** The disk can't be reached at the next opening. */
        record TakeAway(int disk) implements Action {}

        /** The disk is not mounted at the next opening: an empty folder is in its place. */
        record Unmount(int disk) implements Action {}

        record BringBack(int disk) implements Action {}
    }

    @Property(tries = 200)
    void nothingForcedIsLostOrBegunTwice(@ForAll("histories") List<Action> history, @ForAll long seed)
            throws IOException {
        Run run = new Run(seed);
        run.open();
        for (Action action : history) {
            run.perform(action);
        }
        for (int disk = 0; disk < PATHS.size(); disk++) {
            run.away.remove(disk);
            run.unmounted.remove(disk);
        }
        run.perform(new Action.Reopen());
        assertThat(run.directories().missing()).isEmpty();
        run.forced.keySet().forEach(name -> assertThat(run.find(name)).isNotNull());
        run.directories().close();
    }

    @Provide
    Arbitrary<List<Action>> histories() {
        Arbitrary<Integer> disks = Arbitraries.integers().between(0, PATHS.size() - 1);
        return Arbitraries.frequencyOf(
                        Tuple.of(
                                12,
                                Arbitraries.integers()
                                        .between(0, LOGS - 1)
                                        .map(Action.Append::new)
                                        .map(Action.class::cast)),
                        Tuple.of(2, disks.map(Action.FailForce::new)),
                        Tuple.of(3, Arbitraries.just(new Action.Reopen())),
                        Tuple.of(3, Arbitraries.of(Crash.values()).map(Action.CrashNow::new)),
                        Tuple.of(2, disks.map(Action.TakeAway::new)),
                        Tuple.of(2, disks.map(Action.Unmount::new)),
                        Tuple.of(4, disks.map(Action.BringBack::new)))
                .list()
                .ofMaxSize(40);
    }

    private static final class Run {
        private final long seed;
        private final List<FaultyDisk> disks = new ArrayList<>();
        private final Set<Integer> away = new HashSet<>();
        private final Set<Integer> unmounted = new HashSet<>();
        private final Map<String, List<String>> forced = new HashMap<>();
        private @Nullable LogDirectories directories;
        private int appended;

        Run(long seed) {
            this.seed = seed;
            for (int i = 0; i < PATHS.size(); i++) {
                disks.add(new FaultyDisk(seed + i));
            }
        }

        LogDirectories directories() {
            return Objects.requireNonNull(directories);
        }

        void perform(Action action) throws IOException {
            switch (action) {
                case Action.Append(int log) -> append("orders/" + log);
                case Action.FailForce(int disk) -> disks.get(disk).fail(Operation.FORCE, 1);
                case Action.Reopen() -> {
                    directories().close();
                    disks.forEach(disk -> disk.crash(Crash.PROCESS));
                    open();
                }
                case Action.CrashNow(Crash how) -> {
                    disks.forEach(disk -> disk.crash(how));
                    open();
                }
                case Action.TakeAway(int disk) -> {
                    if (away.size() + unmounted.size() < PATHS.size() - 1 && !unmounted.contains(disk)) {
                        away.add(disk);
                    }
                }
                case Action.Unmount(int disk) -> {
                    if (away.size() + unmounted.size() < PATHS.size() - 1 && !away.contains(disk)) {
                        unmounted.add(disk);
                    }
                }
                case Action.BringBack(int disk) -> {
                    away.remove(disk);
                    unmounted.remove(disk);
                }
            }
        }

        void open() throws IOException {
            Map<Path, FaultyDisk> mounted = new HashMap<>();
            for (int i = 0; i < PATHS.size(); i++) {
                FaultyDisk disk = disks.get(i);
                if (unmounted.contains(i)) {
                    disk = new FaultyDisk(seed - i);
                } else if (away.contains(i)) {
                    disk.crashAt(1, Crash.PROCESS);
                }
                mounted.put(PATHS.get(i), disk);
            }
            LogDirectories opened = LogDirectories.open(new SplitDisk(mounted), PATHS, 0, ProducerLimits.DEFAULT);
            directories = opened;
            opened.recoverAll(1);
            // At the very first opening nothing is known of a disk that is not there.
            for (Map.Entry<String, List<String>> each : forced.entrySet()) {
                CommitLog log = find(each.getKey());
                if (log == null) {
                    assertThat(opened.missing()).isNotEmpty();
                } else if (log.state() instanceof LogState.Writable) {
                    assertThat(TestBatches.values(log))
                            .startsWith(each.getValue().toArray(String[]::new));
                }
            }
        }

        /** Null if it may lie in a directory that is away. */
        @Nullable
        CommitLog find(String name) {
            try {
                return directories().homeOf(name, !forced.containsKey(name)).openLog(name, CONFIG);
            } catch (LogDirectoryException e) {
                assertThat(e.reason()).isEqualTo(LogDirectoryException.Reason.MISSING);
                return null;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private void append(String name) {
            CommitLog log;
            try {
                log = directories().homeOf(name, !forced.containsKey(name)).openLog(name, CONFIG);
            } catch (IOException _) {
                return;
            }
            forced.putIfAbsent(name, new ArrayList<>());
            String value = "value " + appended++;
            try {
                log.append(TestBatches.batch(value), 1, 0);
                log.force();
                forced.get(name).add(value);
            } catch (IOException _) {
                // Its disk fails; whether this one is there nobody knows, so what follows it would not be a prefix.
                directories().checkpoint();
            }
        }
    }
}
