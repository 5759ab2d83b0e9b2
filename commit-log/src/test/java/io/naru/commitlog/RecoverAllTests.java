package io.naru.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.commitlog.disk.FaultyDisk;
import io.naru.commitlog.disk.FaultyDisk.Crash;
import io.naru.commitlog.disk.FaultyDisk.Operation;
import io.naru.commitlog.disk.FaultyDisk.Stall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening all logs of a directory at once. */
@Timeout(60)
class RecoverAllTests {
    private static final LogConfig CONFIG = new LogConfig(1000, Long.MAX_VALUE, 100);
    private static final Path ROOT = Path.of("/data");
    private static final int LOGS = 20;
    private static final int BATCH_BYTES = TestBatches.batch("value").remaining();

    private final FaultyDisk disk = new FaultyDisk(17);
    private LogDirectory directory;

    @BeforeEach
    void fill() throws IOException {
        directory = LogDirectory.open(disk, ROOT);
        for (int i = 0; i < LOGS; i++) {
            CommitLog log = directory.openLog("orders/" + i, CONFIG);
            log.append(TestBatches.batch("value"), 1, 0);
            log.force();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 100})
    void opensEveryLogAndSaysHowMuchItRead(int threads) throws IOException {
        disk.crash(Crash.PROCESS);
        directory = LogDirectory.open(disk, ROOT);
        assertThat(directory.recoveryProgress()).isEqualTo(new RecoveryProgress(false, 0, 0, 0, 0));
        directory.recoverAll(threads);
        long bytes = (long) LOGS * BATCH_BYTES;
        assertThat(directory.recoveryProgress()).isEqualTo(new RecoveryProgress(false, LOGS, LOGS, bytes, bytes));
        for (int i = 0; i < LOGS; i++) {
            CommitLog log = directory.openLog("orders/" + i, CONFIG);
            assertThat(log.recovery().scannedBytes()).isEqualTo(BATCH_BYTES);
            assertThat(TestBatches.values(log)).containsExactly("value");
        }
    }

    @Test
    void readsNothingAfterACleanEnd() throws IOException {
        directory.close();
        directory = LogDirectory.open(disk, ROOT);
        directory.recoverAll(2);
        assertThat(directory.recoveryProgress()).isEqualTo(new RecoveryProgress(false, LOGS, LOGS, 0, 0));
        directory.close();
        assertThat(LogDirectory.open(disk, ROOT).startedClean()).isTrue();
    }

    @Test
    void saysHowFarItIsMeanwhile() throws IOException {
        disk.crash(Crash.PROCESS);
        directory = LogDirectory.open(disk, ROOT);
        CompletableFuture<Void> recovery;
        try (Stall stall = disk.stall(Operation.FORCE, 8)) {
            recovery = inBackground(() -> recoverAll(1));
            await().until(stall::isReached);
            RecoveryProgress now = directory.recoveryProgress();
            assertThat(now.running()).isTrue();
            assertThat(now.logs()).isEqualTo(LOGS);
            assertThat(now.logsDone()).isEqualTo(7);
            assertThat(now.bytes()).isEqualTo((long) LOGS * BATCH_BYTES);
            assertThat(now.bytesDone()).isEqualTo(8L * BATCH_BYTES);
            assertThat(now).hasToString("7 of 20 partitions, 0.0 of 0.0 MiB");
        }
        recovery.join();
        assertThat(directory.recoveryProgress().running()).isFalse();
    }

    @Test
    void recoversManyAtATime() throws IOException {
        disk.crash(Crash.PROCESS);
        directory = LogDirectory.open(disk, ROOT);
        CompletableFuture<Void> recovery;
        try (Stall stall = disk.stall(Operation.FORCE, 1)) {
            recovery = inBackground(() -> recoverAll(2));
            await().until(stall::isReached);
            await().until(() -> directory.recoveryProgress().logsDone() == LOGS - 1);
        }
        recovery.join();
    }

    @Test
    void aLogThatCannotBeOpenedKeepsNoOtherFromIt() throws IOException {
        disk.crash(Crash.PROCESS);
        directory = LogDirectory.open(disk, ROOT);
        disk.fail(Operation.FORCE, 3);
        directory.recoverAll(1);
        assertThat(directory.recoveryProgress().logsDone()).isEqualTo(LOGS - 1);
        int damaged = 0;
        for (int i = 0; i < LOGS; i++) {
            damaged += directory.openLog("orders/" + i, CONFIG).state() instanceof LogState.Damaged ? 1 : 0;
        }
        assertThat(damaged).isEqualTo(1);
    }

    @Test
    void endsWhenItIsToldTo() throws IOException {
        disk.crash(Crash.PROCESS);
        directory = LogDirectory.open(disk, ROOT);
        directory.endRecovery();
        CompletableFuture<Void> recovery;
        try (Stall stall = disk.stall(Operation.FORCE, 2)) {
            recovery = inBackground(() -> recoverAll(1));
            await().until(stall::isReached);
            directory.endRecovery();
        }
        recovery.join();
        assertThat(directory.recoveryProgress().logsDone()).isEqualTo(2);
        assertThat(TestBatches.values(directory.openLog("orders/9", CONFIG))).containsExactly("value");
    }

    @Test
    void endsWhenTheDirectoryIsClosed() throws IOException {
        disk.crash(Crash.PROCESS);
        directory = LogDirectory.open(disk, ROOT);
        CompletableFuture<Void> recovery;
        CompletableFuture<Void> closing;
        try (Stall stall = disk.stall(Operation.FORCE, 2)) {
            recovery = inBackground(() -> recoverAll(1));
            await().until(stall::isReached);
            closing = inBackground(() -> {
                try {
                    directory.close();
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            await().until(() -> isClosed(directory));
        }
        recovery.join();
        closing.join();
        assertThat(directory.recoveryProgress().logsDone()).isLessThan(LOGS);
        // Nobody has looked at the others.
        assertThat(LogDirectory.open(disk, ROOT).startedClean()).isFalse();
    }

    @Test
    void largeNumbersAreToldInLargeUnits() {
        assertThat(new RecoveryProgress(true, 1000, 120, 10L << 30, (31L << 30) / 10))
                .hasToString("120 of 1000 partitions, 3.1 of 10.0 GiB");
    }

    private static CompletableFuture<Void> inBackground(Runnable task) {
        return CompletableFuture.runAsync(task, Thread::startVirtualThread);
    }

    private static boolean isClosed(LogDirectory which) {
        try {
            which.checkpoint();
            return false;
        } catch (LogClosedException _) {
            return true;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private void recoverAll(int threads) {
        try {
            directory.recoverAll(threads);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
