package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.disk.Disk;
import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.disk.TooManyOpenFilesException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a log does while its disk fails under it. */
class FaultTests {
    private static final LogConfig CONFIG = new LogConfig(1000, Long.MAX_VALUE, 100);
    private static final Path ROOT = Path.of("/data");

    private final FaultyDisk disk = new FaultyDisk(7);
    private LogDirectory directory;
    private CommitLog log;

    @BeforeEach
    void open() throws IOException {
        open(disk);
        append("a");
        log.force();
    }

    @Test
    void aFullDiskRefusesWritesAndRecoversByItself() throws IOException {
        disk.limit(disk.usedBytes() + 30);
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> append("b"))
                    .isInstanceOf(LogFullException.class)
                    .hasMessageContaining("no room");
            assertThat(log.state()).isInstanceOf(LogState.Writable.class);
            assertThat(TestBatches.values(log)).containsExactly("a");
        }
        disk.limit(Long.MAX_VALUE);
        append("c");
        log.force();
        assertThat(TestBatches.values(log)).containsExactly("a", "c");
    }

    @Test
    void aFullDiskWhileRollingRefusesWritesAndRecoversByItself() throws IOException {
        append("x".repeat(900));
        disk.limit(disk.usedBytes());
        assertThatThrownBy(() -> append("b".repeat(900))).isInstanceOf(LogFullException.class);
        disk.limit(Long.MAX_VALUE);
        append("b".repeat(900));
        assertThat(TestBatches.values(log)).hasSize(3);
    }

    @Test
    void aFullDiskDoesNotKeepALogFromBeingForced() throws IOException {
        for (int i = 0; i < 30; i++) {
            append("value");
        }
        disk.limit(disk.usedBytes());
        // No room for the indexes of finished segments, which are no part of the promise.
        assertThat(log.force()).isEqualTo(31);
        assertThat(TestBatches.values(log)).hasSize(31);
    }

    @Test
    void aFailedWriteIsUndone() throws IOException {
        disk.fail(Operation.WRITE, 1);
        assertThatThrownBy(() -> append("b")).isInstanceOf(IOException.class).isNotInstanceOf(LogException.class);
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        append("c");
        assertThat(TestBatches.values(log)).containsExactly("a", "c");
        directory.close();
        directory = LogDirectory.open(disk, ROOT);
        log = directory.openLog("orders/0", CONFIG);
        assertThat(TestBatches.values(log)).containsExactly("a", "c");
    }

    @Test
    void aFailedWriteThatCannotBeUndoneFences() throws IOException {
        disk.fail(Operation.WRITE, 1);
        disk.fail(Operation.TRUNCATE, 1);
        assertThatThrownBy(() -> append("b")).isInstanceOf(LogFencedException.class);
        assertThat(log.state()).isInstanceOf(LogState.Fenced.class);
        assertThatThrownBy(() -> append("c")).isInstanceOf(LogFencedException.class);
        disk.crash(Crash.PROCESS);
        open(disk);
        assertThat(log.state())
                .isInstanceOfSatisfying(
                        LogState.Damaged.class,
                        damaged -> assertThat(damaged.reason())
                                .contains("from offset 1 on", "could not be cut back", "WRITE", "TRUNCATE")
                                .doesNotContain("force"));
    }

    @Test
    void aFailedForceFencesForGoodAndIsNeverRepeated() throws IOException {
        append("b");
        disk.fail(Operation.FORCE, 1);
        assertThatThrownBy(log::force).hasMessageContaining("Input/output error");
        assertThat(log.state()).isInstanceOf(LogState.Fenced.class);
        assertThatThrownBy(log::force).isInstanceOf(LogFencedException.class);
        assertThatThrownBy(() -> append("c")).isInstanceOf(LogFencedException.class);
        assertThat(log.forcedEndOffset()).isEqualTo(1);
        assertThat(TestBatches.read(log, 0, 1000)).hasSize(2);
        directory.close();
        assertThat(LogDirectory.open(disk, ROOT).startedClean()).isFalse();
    }

    @Test
    void aFailedForceOfTheFolderFencesToo() throws IOException {
        for (int i = 0; i < 30; i++) {
            append("value");
        }
        disk.fail(Operation.FORCE_DIRECTORY, 1);
        assertThatThrownBy(log::force).hasMessageContaining("Input/output error");
        assertThat(log.state()).isInstanceOf(LogState.Fenced.class);
        assertThat(log.forcedEndOffset()).isEqualTo(1);
    }

    @Test
    void oneFencedLogLeavesTheOthersAlone() throws IOException {
        CommitLog other = directory.openLog("orders/1", CONFIG);
        append("b");
        disk.fail(Operation.FORCE, 1);
        assertThatThrownBy(log::force).isInstanceOf(IOException.class);
        other.append(TestBatches.batch("fine"), 1, 0);
        assertThat(other.force()).isEqualTo(1);
    }

    @Test
    void aFailedReadIsReportedAndPasses() throws IOException {
        disk.fail(Operation.READ, 1);
        assertThatThrownBy(() -> TestBatches.values(log)).hasMessageContaining("Input/output error");
        assertThat(TestBatches.values(log)).containsExactly("a");
    }

    @Test
    void havingNoFileToWriteWithFencesNothing() throws IOException {
        disk.runOutOfFiles(Operation.WRITE, 2);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> append("b")).isInstanceOf(TooManyOpenFilesException.class);
            assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        }
        append("c");
        disk.runOutOfFiles(Operation.CREATE, 1);
        assertThatThrownBy(() -> append("d".repeat(950))).isInstanceOf(TooManyOpenFilesException.class);
        append("e".repeat(950));
        assertThat(log.force()).isEqualTo(3);
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
    }

    @Test
    void havingNoFileToForceWithFencesNothing() throws IOException {
        append("b".repeat(950));
        for (Operation operation : new Operation[] {Operation.FORCE, Operation.FORCE_DIRECTORY}) {
            disk.runOutOfFiles(operation, 1);
            assertThatThrownBy(() -> log.force()).isInstanceOf(TooManyOpenFilesException.class);
            assertThat(log.state()).isInstanceOf(LogState.Writable.class);
            assertThat(log.forcedEndOffset()).isEqualTo(1);
        }
        assertThat(log.force()).isEqualTo(2);
        disk.crash(Crash.POWER);
        open(disk);
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        assertThat(TestBatches.values(log)).hasSize(2);
    }

    @Test
    void havingNoFileToRecoverWithIsNotRememberedAsAFailure() throws IOException {
        append("b");
        disk.crash(Crash.PROCESS);
        directory = LogDirectory.open(disk, ROOT);
        disk.runOutOfFiles(Operation.FORCE, 1);
        assertThatThrownBy(() -> directory.openLog("orders/0", CONFIG)).isInstanceOf(TooManyOpenFilesException.class);
        log = directory.openLog("orders/0", CONFIG);
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        assertThat(TestBatches.values(log)).containsExactly("a", "b");
    }

    private void open(Disk on) throws IOException {
        directory = LogDirectory.open(on, ROOT);
        log = directory.openLog("orders/0", CONFIG);
    }

    private void append(String value) throws IOException {
        log.append(TestBatches.batch(value), 1, 0);
    }
}
