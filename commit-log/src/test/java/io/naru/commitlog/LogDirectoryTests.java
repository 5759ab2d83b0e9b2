package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.LogDirectoryException.Reason;
import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FileSystemDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogDirectoryTests {
    private static final LogConfig CONFIG = new LogConfig(1 << 20, Long.MAX_VALUE, 4096);

    private final Disk disk = new FileSystemDisk();

    @TempDir
    Path root;

    @Test
    void keepsItsIdForLife() throws IOException {
        UUID id;
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            id = directory.directoryId();
            assertThat(directory.startedClean()).isFalse();
        }
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            assertThat(directory.directoryId()).isEqualTo(id);
            assertThat(directory.startedClean()).isTrue();
            assertThat(directory.hostRestarted()).isFalse();
        }
    }

    @Test
    void letsNobodyElseIn() throws IOException {
        try (LogDirectory first = LogDirectory.open(disk, root)) {
            assertRefused(Reason.LOCKED, "in use by another process");
            // Asking again must not have freed the lock either.
            assertRefused(Reason.LOCKED, "in use by another process");
            assertThat(first.logNames()).isEmpty();
        }
        LogDirectory.open(disk, root).close();
    }

    @Test
    void refusesANewerFormatByName() throws IOException {
        LogDirectory.open(disk, root).close();
        Files.writeString(root.resolve("naru-format"), "version=7\ndirectory.id=" + UUID.randomUUID() + "\n");
        assertRefused(Reason.NEWER_FORMAT, "version 7", "up to 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "version=1\n", "version=1\ndirectory.id=nonsense\n", "version=0\n", "directory.id=a\n"})
    void refusesADamagedFormat(String text) throws IOException {
        LogDirectory.open(disk, root).close();
        Files.writeString(root.resolve("naru-format"), text);
        assertRefused(Reason.NOT_A_LOG_DIRECTORY, "naru-format is damaged");
    }

    @Test
    void refusesWhereNothingCanBeWritten() throws IOException {
        Files.writeString(root.resolve("file"), "no folder");
        assertThatThrownBy(() -> LogDirectory.open(disk, root.resolve("file/data")))
                .isInstanceOfSatisfying(
                        LogDirectoryException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_WRITABLE))
                .hasMessageContaining("cannot be written");
    }

    @Test
    void refusesLinksAmongItsLogs() throws IOException {
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            directory.openLog("orders/0", CONFIG);
        }
        Files.createSymbolicLink(root.resolve("logs/orders/1"), root);
        assertRefused(Reason.NOT_A_LOG_DIRECTORY, "is a link");
        Files.delete(root.resolve("logs/orders/1"));
        Files.createSymbolicLink(root.resolve("logs/orders/0/00000000000000000005.log"), root.resolve("naru-format"));
        assertRefused(Reason.NOT_A_LOG_DIRECTORY, "is a link");
    }

    @Test
    void refusesALinkThatAppearedMeanwhile() throws IOException {
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            Files.createSymbolicLink(root.resolve("logs/orders"), root);
            assertThatThrownBy(() -> directory.openLog("orders/0", CONFIG)).hasMessageContaining("is a link");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a//b", "../a", "a/..", "./a", "/etc/passwd", "a\0b", "a/"})
    void refusesNamesThatLeadElsewhere(String name) throws IOException {
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            assertThatThrownBy(() -> directory.openLog(name, CONFIG)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> directory.deleteLog(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void takesNamesThatLookLikeItsOwnFiles() throws IOException {
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            directory.openLog("naru-format/0", CONFIG);
            directory.openLog("deleted/0.log", CONFIG);
            directory.openLog(".hidden/0", CONFIG);
            assertThat(directory.logNames()).containsExactly(".hidden/0", "deleted/0.log", "naru-format/0");
        }
    }

    @Test
    void refusesALogWithinALog() throws IOException {
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            directory.openLog("orders/0", CONFIG);
            assertThatThrownBy(() -> directory.openLog("orders/0/inner", CONFIG))
                    .hasMessageContaining("is a log already");
            assertThatThrownBy(() -> directory.openLog("orders", CONFIG))
                    .hasMessageContaining("logs lie in that folder");
            assertThat(directory.logNames()).containsExactly("orders/0");
        }
    }

    @Test
    void manyLogsComeBackFromACleanEnd() throws IOException {
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            for (int i = 0; i < 50; i++) {
                directory.openLog("orders/" + i, CONFIG).append(TestBatches.batch("value " + i), 1, 0);
            }
        }
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            assertThat(directory.startedClean()).isTrue();
            assertThat(directory.logNames()).hasSize(50);
            for (int i = 0; i < 50; i++) {
                CommitLog log = directory.openLog("orders/" + i, CONFIG);
                assertThat(log.recovery()).isEqualTo(RecoveryReport.CLEAN);
                assertThat(TestBatches.values(log)).containsExactly("value " + i);
            }
        }
    }

    @Test
    void opensEachLogOnce() throws IOException {
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            CommitLog log = directory.openLog("orders/0", CONFIG);
            assertThat(directory.openLog("orders/0", CONFIG)).isSameAs(log);
            assertThat(directory.openLog("orders/1", CONFIG)).isNotSameAs(log);
        }
    }

    @Test
    void aDeletedLogIsGoneAndItsReadersAreTold() throws IOException {
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            CommitLog log = directory.openLog("orders/0", CONFIG);
            log.append(TestBatches.batch("value"), 1, 0);
            LogSlice slice = log.read(0, 1000, 1);
            directory.deleteLog("orders/0");

            assertThat(directory.logNames()).isEmpty();
            assertThat(Files.exists(root.resolve("logs/orders"))).isFalse();
            assertThat(root.resolve("deleted")).isEmptyDirectory();
            assertThat(log.state()).isInstanceOf(LogState.Closed.class);
            assertThatThrownBy(() -> log.read(0, 1000, 1).readBytes()).isInstanceOf(LogClosedException.class);
            assertThatThrownBy(slice::readBytes).isInstanceOf(LogClosedException.class);
            assertThatThrownBy(() -> log.offsetForTime(0)).isInstanceOf(LogClosedException.class);
            assertThatThrownBy(() -> log.append(TestBatches.batch("value"), 1, 0))
                    .isInstanceOf(LogClosedException.class);
            assertThatThrownBy(log::force).isInstanceOf(LogClosedException.class);

            CommitLog next = directory.openLog("orders/0", CONFIG);
            assertThat(next.logEndOffset()).isZero();
            next.append(TestBatches.batch("anew"), 1, 0);
            assertThat(TestBatches.values(next)).containsExactly("anew");
        }
    }

    @Test
    void deletingWhatIsNotThereDoesNothing() throws IOException {
        try (LogDirectory directory = LogDirectory.open(disk, root)) {
            directory.deleteLog("orders/0");
            assertThat(directory.logNames()).isEmpty();
        }
    }

    @Test
    void aCrashAtAnyStepOfADeletionLeavesTheLogOrNothing() throws IOException {
        for (Crash how : Crash.values()) {
            for (int step = 1; step < 15; step++) {
                FaultyDisk faulty = new FaultyDisk(step);
                LogDirectory directory = LogDirectory.open(faulty, Path.of("/data"));
                CommitLog log = directory.openLog("orders/0", CONFIG);
                log.append(TestBatches.batch("value"), 1, 0);
                log.force();
                faulty.crashAt(step, how);
                try {
                    directory.deleteLog("orders/0");
                } catch (IOException e) {
                    assertThat(faulty.hasCrashed()).isTrue();
                }
                faulty.crash(how);
                try (LogDirectory after = LogDirectory.open(faulty, Path.of("/data"))) {
                    if (!after.logNames().isEmpty()) {
                        assertThat(TestBatches.values(after.openLog("orders/0", CONFIG)))
                                .containsExactly("value");
                    }
                    assertThat(faulty.list(Path.of("/data/deleted"))).isEmpty();
                }
            }
        }
    }

    @Test
    void closingTwiceIsClosingOnce() throws IOException {
        LogDirectory directory = LogDirectory.open(disk, root);
        directory.close();
        directory.close();
        assertThatThrownBy(() -> directory.openLog("orders/0", CONFIG)).isInstanceOf(LogClosedException.class);
    }

    private void assertRefused(Reason reason, String... words) {
        assertThatThrownBy(() -> LogDirectory.open(disk, root))
                .isInstanceOfSatisfying(
                        LogDirectoryException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .message()
                .contains(words);
    }
}
