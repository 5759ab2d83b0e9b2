package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FileSystemDisk;
import io.naru.commitlog.disk.Space;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeSpaceTests {
    private static final LogConfig CONFIG = new LogConfig(1000, Long.MAX_VALUE, 100);
    private static final Path ROOT = Path.of("/data");
    private static final long FLOOR = 500;
    private static final int BATCH_BYTES = TestBatches.batch("value").remaining();

    private final FaultyDisk disk = new FaultyDisk(3);
    private LogDirectory directory;
    private CommitLog log;

    @BeforeEach
    void open() throws IOException {
        directory = LogDirectory.open(disk, ROOT, FLOOR);
        log = directory.openLog("orders/0", CONFIG);
    }

    @Test
    void refusesWritesBelowTheFloorWhileTheDiskHasRoom() throws IOException {
        leave(FLOOR + 2 * BATCH_BYTES);
        append(2);
        assertThat(directory.space().isRefusing()).isFalse();
        assertThatThrownBy(() -> append(1))
                .isInstanceOf(LogFullException.class)
                .hasMessageContaining("orders/0")
                .hasMessageContaining("has 500 bytes left, and 500 are kept free");
        assertThat(directory.space().isRefusing()).isTrue();
        assertThat(directory.space().space().usableBytes()).isEqualTo(FLOOR);
    }

    @Test
    void readsForcesAndClosesBelowTheFloor() throws IOException {
        append(3);
        leave(FLOOR);
        assertThatThrownBy(() -> append(1)).isInstanceOf(LogFullException.class);
        assertThat(log.force()).isEqualTo(3);
        assertThat(TestBatches.values(log)).hasSize(3);
        directory.close();
        open();
        assertThat(directory.startedClean()).isTrue();
        assertThat(TestBatches.values(log)).hasSize(3);
    }

    @Test
    void takesWritesAgainAsSoonAsThereIsRoom() throws IOException {
        leave(FLOOR);
        assertThatThrownBy(() -> append(1)).isInstanceOf(LogFullException.class);
        assertThat(log.state()).isInstanceOf(LogState.Writable.class);
        disk.limit(Long.MAX_VALUE);
        append(1);
        assertThat(directory.space().isRefusing()).isFalse();
        assertThat(TestBatches.values(log)).hasSize(1);
    }

    @Test
    void noticesWithinATenthOfASecondThatSomebodyElseTookTheRoom() throws IOException {
        append(1);
        disk.limit(disk.usedBytes() + FLOOR);
        append(1);
        assertThatThrownBy(() -> log.append(TestBatches.batch("value"), 1, 101)).isInstanceOf(LogFullException.class);
    }

    @Test
    void recoversALogBelowTheFloor() throws IOException {
        append(30);
        disk.crash(Crash.PROCESS);
        leave(FLOOR / 2);
        open();
        assertThat(TestBatches.values(log)).hasSize(30);
        assertThatThrownBy(() -> append(1)).isInstanceOf(LogFullException.class);
        assertThat(log.recovery().foundFlaw()).isFalse();
    }

    @Test
    void goesOnWhereTheDiskDoesNotTell() throws IOException {
        append(1);
        directory.close();
        disk.crashAt(1, Crash.PROCESS);
        assertThatThrownBy(() -> disk.create(ROOT.resolve("x"))).isInstanceOf(IOException.class);
        assertThat(directory.space().space())
                .isEqualTo(new Space(1L << 40, directory.space().space().usableBytes()));
    }

    @Test
    void theFloorSuitsTheDisk() {
        long mib = 1L << 20;
        assertThat(List.of(10 * mib, 640 * mib, 2048 * mib, 10240 * mib, 1L << 40))
                .map(FreeSpace::floorFor)
                .containsExactly(mib, 64 * mib, 64 * mib, 10240 * mib / 100, 1024 * mib);
    }

    @Test
    void refusesANegativeFloor() {
        assertThatIllegalArgumentException().isThrownBy(() -> LogDirectory.open(disk, Path.of("/other"), -2));
    }

    @Test
    void asksTheFileSystem(@TempDir Path folder) throws IOException {
        Space space = new FileSystemDisk().space(folder);
        assertThat(space.totalBytes()).isGreaterThan(1 << 20);
        assertThat(space.usableBytes()).isBetween(1L, space.totalBytes());
        LogDirectory real = LogDirectory.open(new FileSystemDisk(), folder, space.totalBytes());
        CommitLog full = real.openLog("orders/0", CONFIG);
        assertThatThrownBy(() -> full.append(TestBatches.batch("value"), 1, 0)).isInstanceOf(LogFullException.class);
        real.close();
    }

    private void append(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            log.append(TestBatches.batch("value"), 1, 0);
        }
    }

    /** Leaves so much room, which is known at once. */
    private void leave(long bytes) {
        disk.limit(disk.usedBytes() + bytes);
        directory.space().space();
    }
}
