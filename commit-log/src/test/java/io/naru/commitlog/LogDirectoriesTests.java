package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.naru.commitlog.LogDirectoryException.Reason;
import io.naru.commitlog.disk.DiskFile;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.disk.FaultyDisk.Stall;
import io.naru.commitlog.disk.SplitDisk;
import io.naru.commitlog.producer.ProducerLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogDirectoriesTests {
    private static final LogConfig CONFIG = new LogConfig(1000, Long.MAX_VALUE, 100);
    private static final Path A = Path.of("/a");
    private static final Path B = Path.of("/b");
    private static final Path C = Path.of("/c");

    private final Map<Path, FaultyDisk> disks =
            new HashMap<>(Map.of(A, new FaultyDisk(1), B, new FaultyDisk(2), C, new FaultyDisk(3)));

    @Test
    void logsAreSpreadEvenlyAndFoundAgain() throws IOException {
        Map<String, Path> homes = new HashMap<>();
        try (LogDirectories directories = open(A, B, C)) {
            for (int i = 0; i < 30; i++) {
                homes.put("orders/" + i, append(directories, "orders/" + i).path());
            }
            for (LogDirectory each : directories.online()) {
                assertThat(each.logNames()).hasSize(10);
            }
        }
        try (LogDirectories directories = open(C, A, B)) {
            assertThat(directories.startedClean()).isTrue();
            directories.recoverAll(2);
            assertThat(directories.logNames())
                    .containsExactlyElementsOf(IntStream.range(0, 30)
                            .mapToObj(i -> "orders/" + i)
                            .sorted()
                            .toList());
            homes.forEach(
                    (name, path) -> assertThat(home(directories, name, false)).isEqualTo(path));
        }
    }

    @Test
    void ofEquallyFullDirectoriesTheOneWithMoreRoomGetsTheNext() throws IOException {
        disks.get(A).limit(50_000);
        disks.get(B).limit(90_000);
        disks.get(C).limit(70_000);
        try (LogDirectories directories = open(A, B, C)) {
            assertThat(home(directories, "orders/0", true)).isEqualTo(B);
            assertThat(home(directories, "orders/1", true)).isEqualTo(C);
            assertThat(home(directories, "orders/2", true)).isEqualTo(A);
        }
    }

    @Test
    void aDirectoryThatTakesNoWritesGetsNoNewLogs() throws IOException {
        try (LogDirectories directories = open(A, B)) {
            CommitLog log = append(directories, "orders/0").log();
            FaultyDisk failing = disks.get(home(directories, "orders/0", false));
            log.append(TestBatches.batch("more"), 1, 0);
            failing.fail(Operation.FORCE, 1);
            assertThatThrownBy(log::force).isInstanceOf(IOException.class);
            directories.checkpoint();
            LogDirectory sick = directories.homeOf("orders/0", false);
            assertThat(sick.problem()).contains("1 logs, which take no more writes");
            for (int i = 1; i < 5; i++) {
                assertThat(home(directories, "orders/" + i, true)).isNotEqualTo(sick.path());
            }
        }
    }

    @Test
    void aDirectoryThatFailsTakesNoOtherWithIt() throws IOException {
        LogDirectories directories = open(A, B);
        Appended first = append(directories, "orders/0");
        Appended second = append(directories, "orders/1");
        assertThat(first.path()).isNotEqualTo(second.path());
        first.log().append(TestBatches.batch("lost"), 1, 0);
        disks.get(first.path()).crashAt(1, Crash.PROCESS);
        assertThatThrownBy(() -> first.log().force()).isInstanceOf(IOException.class);
        directories.checkpoint();
        assertThat(directories.homeOf("orders/0", false).problem()).isNotNull();
        assertThat(directories.homeOf("orders/1", false).problem()).isNull();
        second.log().append(TestBatches.batch("kept"), 1, 0);
        second.log().force();
        directories.close();
        disks.get(first.path()).restart();
        try (LogDirectories again = open(A, B)) {
            assertThat(again.homeOf("orders/0", false).startedClean()).isFalse();
            assertThat(again.homeOf("orders/1", false).startedClean()).isTrue();
            assertThat(TestBatches.values(again.homeOf("orders/1", false).openLog("orders/1", CONFIG)))
                    .containsExactly("value", "kept");
        }
    }

    @Test
    void oneThatHangsKeepsNoOtherFromNotingItsPoints() throws IOException {
        try (LogDirectories directories = open(A, B)) {
            Appended first = append(directories, "orders/0");
            Appended second = append(directories, "orders/1");
            LogDirectory hanging = directories.homeOf("orders/0", false);
            LogDirectory other = directories.homeOf("orders/1", false);
            try (Stall stall = disks.get(first.path()).stall(Operation.RENAME, 1)) {
                directories.checkpoint();
                assertThat(stall.isReached()).isTrue();
                assertThat(hanging.problem()).contains("hangs");
                assertThat(other.problem()).isNull();
                assertThat(disks.get(second.path()).list(second.path())).contains("naru-recovery-points");
                assertThat(disks.get(first.path()).list(first.path())).doesNotContain("naru-recovery-points");
                // It is not begun a second time.
                directories.checkpoint();
            }
            await().untilAsserted(() -> {
                directories.checkpoint();
                assertThat(hanging.problem()).isNull();
            });
            assertThat(disks.get(first.path()).list(first.path())).contains("naru-recovery-points");
        }
    }

    @Test
    void logsOfADirectoryThatIsOfflineAreAwayAndNotMadeAnew() throws IOException {
        UUID id;
        try (LogDirectories directories = open(A, B)) {
            append(directories, "orders/0");
            append(directories, "orders/1");
            id = directories.id();
        }
        disks.get(B).crashAt(1, Crash.PROCESS);
        try (LogDirectories directories = open(A, B)) {
            assertThat(directories.offline()).containsOnlyKeys(B);
            assertThat(directories.missing()).containsValue(B).hasSize(1);
            assertThat(directories.id()).isEqualTo(id);
            String there = directories.logNames().getFirst();
            String away = there.equals("orders/0") ? "orders/1" : "orders/0";
            assertThat(home(directories, there, false)).isEqualTo(A);
            assertThatThrownBy(() -> directories.homeOf(away, false))
                    .isInstanceOfSatisfying(
                            LogDirectoryException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.MISSING))
                    .hasMessageContaining(away)
                    .hasMessageContaining("/b")
                    .hasMessageContaining("naru-directories");
            // What is certainly new cannot lie there.
            assertThat(append(directories, "orders/2").path()).isEqualTo(A);
        }
        disks.get(B).restart();
        try (LogDirectories directories = open(A, B)) {
            assertThat(directories.missing()).isEmpty();
            assertThat(directories.logNames()).hasSize(3);
        }
    }

    @Test
    void anEmptyDirectoryInTheOldOnesPlaceIsNotUsed() throws IOException {
        try (LogDirectories directories = open(A, B)) {
            append(directories, "orders/0");
        }
        disks.put(B, new FaultyDisk(4));
        try (LogDirectories directories = open(A, B)) {
            assertThat(directories.offline().get(B)).contains("not the one that was here before", "naru-directories");
            assertThat(directories.missing()).containsValue(B);
            assertThatThrownBy(() -> directories.homeOf("orders/9", false)).hasMessageContaining("/b");
        }
        giveUp(A, B);
        try (LogDirectories directories = open(A, B)) {
            assertThat(directories.offline()).isEmpty();
            assertThat(directories.missing()).isEmpty();
            assertThat(home(directories, "orders/9", false)).isNotNull();
        }
    }

    @Test
    void aDirectoryThatIsNotNamedAnyMoreIsMissing() throws IOException {
        open(A, B).close();
        try (LogDirectories directories = open(A)) {
            assertThat(directories.missing()).containsValue(B);
            assertThatThrownBy(() -> directories.homeOf("orders/0", false)).hasMessageContaining("/b");
        }
    }

    @Test
    void aDirectoryMayMove() throws IOException {
        Path home;
        try (LogDirectories directories = open(A, B)) {
            home = append(directories, "orders/0").path();
        }
        assertThat(home).isIn(A, B);
        FaultyDisk a = disks.get(A);
        // The same bytes elsewhere: each of the two is now where the other was.
        disks.put(A, new FaultyDisk(7));
        copy(disks.get(B), B, disks.get(A), A);
        disks.put(B, new FaultyDisk(8));
        copy(a, A, disks.get(B), B);
        try (LogDirectories directories = open(A, B)) {
            assertThat(directories.missing()).isEmpty();
            assertThat(home(directories, "orders/0", false)).isEqualTo(home.equals(A) ? B : A);
        }
    }

    @Test
    void aLogThatIsThereTwiceIsRefused() throws IOException {
        try (LogDirectories directories = open(A, B)) {
            append(directories, "orders/0");
            append(directories, "orders/1");
        }
        for (Path root : List.of(A, B)) {
            Path folder = root.resolve("logs/orders/0");
            disks.get(root).createDirectories(folder);
            Path file = folder.resolve("%020d.log".formatted(0));
            if (disks.get(root).kind(file) == io.naru.commitlog.disk.Disk.Kind.MISSING) {
                disks.get(root).create(file).close();
            }
        }
        try (LogDirectories directories = open(A, B)) {
            assertThatThrownBy(() -> directories.homeOf("orders/0", false))
                    .isInstanceOfSatisfying(
                            LogDirectoryException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.FOUND_TWICE))
                    .hasMessageContaining("/a")
                    .hasMessageContaining("/b")
                    .hasMessageContaining("orders/0");
            assertThat(home(directories, "orders/1", false)).isNotNull();
            directories.deleteLog("orders/0");
            assertThat(directories.logNames()).containsExactly("orders/1");
        }
    }

    @Test
    void copiesOfADirectoryAreRefused() throws IOException {
        open(A).close();
        copy(disks.get(A), A, disks.get(B), B);
        assertThatThrownBy(() -> open(A, B)).hasMessageContaining("copy of the other");
        open(A).close();
    }

    @Test
    void directoriesThatDoNotBelongTogetherAreRefused() throws IOException {
        open(A, B).close();
        disks.put(A, new FaultyDisk(5));
        open(A, C).close();
        assertThatThrownBy(() -> open(C, B)).hasMessageContaining("/b").hasMessageContaining("different brokers");
    }

    @Test
    void oneDirectoryAloneRemembersNothing() throws IOException {
        try (LogDirectories directories = open(A)) {
            assertThat(directories.id())
                    .isEqualTo(directories.online().getFirst().directoryId());
            assertThat(directories.missing()).isEmpty();
        }
        assertThat(disks.get(A).list(A)).doesNotContain("naru-directories");
        UUID id = open(A).id();
        disks.get(A).crash(Crash.PROCESS);
        try (LogDirectories more = open(A, B)) {
            assertThat(more.id()).isEqualTo(id);
        }
    }

    @Test
    void noneMeansNone() {
        disks.get(A).crashAt(1, Crash.PROCESS);
        disks.get(B).crashAt(1, Crash.PROCESS);
        assertThatThrownBy(() -> open(A, B)).isInstanceOf(LogDirectoryException.class);
    }

    @Test
    void oneThatIsInUseKeepsAllClosed() throws IOException {
        try (LogDirectories first = open(B)) {
            assertThat(first.online()).hasSize(1);
            assertThatThrownBy(() -> open(A, B)).hasMessageContaining("in use");
        }
        open(A, B).close();
    }

    @Test
    void aDamagedNoteOfThemIsReported() throws IOException {
        open(A, B).close();
        write(A, "version=1\ngroup=nonsense\n");
        assertThatThrownBy(() -> open(A, B)).hasMessageContaining("/a/naru-directories is damaged");
        write(A, "version=2\n");
        assertThatThrownBy(() -> open(A, B)).hasMessageContaining("version=1");
        write(A, "version=1\n");
        assertThatThrownBy(() -> open(A, B)).hasMessageContaining("no line group=");
    }

    @Test
    void aCrashAtAnyStepOfComingTogetherIsPutRight() throws IOException {
        boolean crashed = true;
        for (int step = 1; crashed; step++) {
            disks.put(A, new FaultyDisk(step));
            disks.put(B, new FaultyDisk(step));
            UUID id = open(A).id();
            disks.get(A).crash(Crash.PROCESS);
            disks.get(A).crashAt(step, Crash.POWER);
            try {
                open(A, B);
            } catch (IOException _) {
                assertThat(disks.get(A).hasCrashed()).isTrue();
            }
            crashed = disks.get(A).hasCrashed();
            disks.get(A).crash(Crash.POWER);
            disks.get(B).crash(Crash.POWER);
            UUID group;
            try (LogDirectories after = open(A, B)) {
                assertThat(after.online()).hasSize(2);
                assertThat(after.missing()).isEmpty();
                // Whichever of them remembers: there is one group, and it stays.
                group = after.id();
                assertThat(crashed || group.equals(id)).isTrue();
            }
            try (LogDirectories again = open(A, B)) {
                assertThat(again.id()).isEqualTo(group);
            }
        }
    }

    private record Appended(CommitLog log, Path path) {}

    private static Appended append(LogDirectories directories, String name) throws IOException {
        LogDirectory home = directories.homeOf(name, true);
        CommitLog log = home.openLog(name, CONFIG);
        log.append(TestBatches.batch("value"), 1, 0);
        log.force();
        return new Appended(log, home.path());
    }

    private static Path home(LogDirectories directories, String name, boolean isNew) {
        try {
            return directories.homeOf(name, isNew).path();
        } catch (LogDirectoryException e) {
            throw new AssertionError(e);
        }
    }

    private LogDirectories open(Path... paths) throws IOException {
        return LogDirectories.open(new SplitDisk(disks), Arrays.asList(paths), 0, ProducerLimits.DEFAULT);
    }

    /** As an operator would who has lost a directory for good. */
    private void giveUp(Path remembering, Path lost) throws IOException {
        Path note = remembering.resolve("naru-directories");
        try (DiskFile file = disks.get(remembering).open(note)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            String text = new String(bytes.array(), StandardCharsets.UTF_8);
            write(
                    remembering,
                    String.join(
                                    "\n",
                                    text.lines()
                                            .filter(line -> !line.endsWith(" " + lost))
                                            .toList()) + "\n");
        }
    }

    private void write(Path root, String text) throws IOException {
        Path note = root.resolve("naru-directories");
        disks.get(root).delete(note);
        try (DiskFile file = disks.get(root).create(note)) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            file.force();
        }
    }

    private static void copy(FaultyDisk from, Path source, FaultyDisk to, Path target) throws IOException {
        to.createDirectories(target);
        for (String name : from.list(source)) {
            Path path = source.resolve(name);
            if (from.kind(path) == io.naru.commitlog.disk.Disk.Kind.DIRECTORY) {
                copy(from, path, to, target.resolve(name));
                continue;
            }
            try (DiskFile in = from.open(path);
                    DiskFile out = to.create(target.resolve(name))) {
                ByteBuffer bytes = ByteBuffer.allocate((int) in.size());
                in.read(bytes, 0);
                out.write(bytes.flip(), 0);
            }
        }
    }
}
